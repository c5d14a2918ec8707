//! Ctrl-C, and the signal with which a service manager or a container ends a program.

use super::say;

/// Ends when the program is told to stop. A second time ends the program at once.
pub(super) async fn come() {
    told().await;
    say("stopping", "the running statement is stopped and its step rolled back or journalled; once more ends at once");
    tokio::spawn(async {
        told().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn told() {
    use tokio::signal::unix::{SignalKind, signal};
    // Without a handler for one of them the program ends as any program does.
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        Ok(()) = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn told() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
