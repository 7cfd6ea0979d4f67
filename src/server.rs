//! Listens, serves until it is told to stop, and lets requests under way finish.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::app::App;
use crate::formats::pmtiles;
use crate::web::assets;
use crate::{config, routes};

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// The address is off loopback (until accounts exist), is taken, or the socket fails.
pub async fn serve(mut app: App, serve: &config::Serve) -> anyhow::Result<()> {
    anyhow::ensure!(
        serve.listen.ip().is_loopback(),
        "FOCA has no accounts yet, so it listens on loopback only; {} would open it to the network",
        serve.listen
    );
    // Before anything listens: a page whose map stays empty would say nothing of why.
    let streets = serve.basemap.as_deref().map(pmtiles::tiles).transpose()?;
    app.frame.streets = streets.map(pmtiles::Tiles::word);
    let listener =
        TcpListener::bind(serve.listen).await.with_context(|| format!("listening on {}", serve.listen))?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "listening on http://localhost:{}", address.port())?;
    if assets::missing() {
        tracing::warn!(
            "built without styles and map: run scripts/assets/run and build again; pages work without them"
        );
    }
    app.serve = Arc::new(serve.clone());
    app.snapshots.refresh(&app.db).await?;
    let db = app.db.clone();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let watching = watch(&app, stopped);
    axum::serve(listener, routes::router(app)).with_graceful_shutdown(told_to_stop()).await?;
    let _ = stop.send(true);
    watching.await?;
    db.close().await;
    Ok(())
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

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
    tracing::info!("told to stop: finishing the requests under way");
}
