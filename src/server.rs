//! Listens, serves until it is told to stop, and lets requests under way finish.

use std::io::Write;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::app::App;
use crate::web::assets;
use crate::{config, routes};

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// The address is off loopback (until accounts exist), is taken, or the socket fails.
pub async fn serve(app: App, serve: &config::Serve) -> anyhow::Result<()> {
    anyhow::ensure!(
        serve.listen.ip().is_loopback(),
        "FOCA has no accounts yet, so it listens on loopback only; {} would open it to the network",
        serve.listen
    );
    let listener =
        TcpListener::bind(serve.listen).await.with_context(|| format!("listening on {}", serve.listen))?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "listening on http://localhost:{}", address.port())?;
    if assets::missing() {
        tracing::warn!("built without styles and map: run scripts/assets/run and build again; pages work without them");
    }
    let db = app.db.clone();
    axum::serve(listener, routes::router(app)).with_graceful_shutdown(told_to_stop()).await?;
    db.close().await;
    Ok(())
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
