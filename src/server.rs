//! Listens, serves until it is told to stop, and lets requests under way finish.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::accounts::door::Door;
use crate::accounts::{password, sign_in};
use crate::app::App;
use crate::formats::pmtiles;
use crate::web::assets;
use crate::{compliance, config, routes};

/// How often unused accounts are looked for.
const SWEEP: Duration = Duration::from_secs(3_600);

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// The address is off loopback without a public one behind TLS, or shows a demonstration; it is taken, or the socket fails.
pub async fn serve(mut app: App, serve: &config::Serve) -> anyhow::Result<()> {
    check_address(app.frame.demo, serve)?;
    password::warm_up();
    // Before anything listens: a page whose map stays empty would say nothing of why.
    let streets = serve.basemap.as_deref().map(pmtiles::tiles).transpose()?;
    app.frame.streets = streets.map(pmtiles::Tiles::word);
    let listener =
        TcpListener::bind(serve.listen).await.with_context(|| format!("listening on {}", serve.listen))?;
    let address = listener.local_addr()?;
    // The port that the system chose stands in links for people, too.
    let serve = &config::Serve { listen: address, ..serve.clone() };
    writeln!(std::io::stdout(), "listening on {}", serve.address())?;
    if assets::missing() {
        tracing::warn!(
            "built without styles and map: run scripts/assets/run and build again; pages work without them"
        );
    }
    app.serve = Arc::new(serve.clone());
    app.snapshots.refresh(&app.db).await?;
    app.rules.places.refresh(&app.db).await?;
    let db = app.db.clone();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let finding = watch_findings(&app, stopped.clone());
    let (watching, sweeping) = (watch(&app, stopped.clone()), sweep(&app, stopped));
    let service = routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(told_to_stop()).await?;
    let _ = stop.send(true);
    watching.await?;
    finding.await?;
    sweeping.await?;
    db.close().await;
    Ok(())
}

/// Off loopback only behind a proxy that speaks TLS, and never with invented data.
fn check_address(demo: bool, serve: &config::Serve) -> anyhow::Result<()> {
    if serve.listen.ip().is_loopback() && !demo {
        return Ok(());
    }
    anyhow::ensure!(
        !demo || (serve.listen.ip().is_loopback() && !serve.is_secure()),
        "a demonstration, whose passwords everybody may know, listens on loopback only, not on {}",
        serve.listen
    );
    anyhow::ensure!(
        demo || serve.is_secure(),
        "off loopback FOCA stands behind a proxy that speaks TLS: name its address with FOCA_PUBLIC_URL=https://…, \
         or listen on 127.0.0.1 instead of {}",
        serve.listen
    );
    Ok(())
}

/// Disables accounts that nobody has used for too long, at the start and each hour, until told to stop.
fn sweep(app: &App, mut stopped: tokio::sync::watch::Receiver<bool>) -> tokio::task::JoinHandle<()> {
    let door =
        Door::inside(app.db.clone(), app.clock, app.accounts.clone(), Arc::clone(&app.serve), app.frame.demo);
    tokio::spawn(async move {
        loop {
            match sign_in::sweep(&door).await {
                Ok(0) => {}
                Ok(n) => tracing::info!(n_accounts = n, "{n} accounts were disabled: nobody had used them"),
                Err(error) => tracing::error!("unused accounts could not be looked for: {error:#}"),
            }
            tokio::select! {
                _ = stopped.wait_for(|it| *it) => return,
                () = tokio::time::sleep(SWEEP) => {}
            }
        }
    })
}

/// Keeps standings and snapshots fresh beside the pages, until told to stop.
fn watch(app: &App, mut stopped: tokio::sync::watch::Receiver<bool>) -> tokio::task::JoinHandle<()> {
    let App { db, clock, cards, snapshots, .. } = app.clone();
    tokio::spawn(async move {
        let shutdown = async move {
            let _ = stopped.wait_for(|it| *it).await;
        };
        snapshots.watch(db, clock, cards, shutdown).await;
    })
}

/// Keeps findings fresh, until told to stop.
fn watch_findings(app: &App, mut stopped: tokio::sync::watch::Receiver<bool>) -> tokio::task::JoinHandle<()> {
    let App { db, clock, rules, .. } = app.clone();
    tokio::spawn(async move {
        let shutdown = async move {
            let _ = stopped.wait_for(|it| *it).await;
        };
        compliance::job::watch(db, clock, rules, shutdown).await;
    })
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
    tracing::info!("told to stop: finishing the requests under way");
}
