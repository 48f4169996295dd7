//! The central API.
//!
//! [`router`] shows every route. A request goes through [`middleware`], then to one small handler in the module of its
//! resource. [`state::Central`] is what handlers share.

pub mod ability_test;
pub mod accounts;
mod bell;
mod by_scheme;
pub mod catalogue;
pub mod clock;
pub mod config;
pub mod data_lock;
pub mod db;
pub mod demo;
pub mod documents;
pub mod errands;
pub mod error;
mod face;
pub mod failpoint;
mod health;
mod housekeeping;
pub mod middleware;
pub mod notifier;
pub mod office;
mod outside;
mod phone;
pub mod registration;
mod registry;
pub mod request;
pub mod router;
pub mod schemes;
pub mod secrets;
mod server;
pub mod signed_in;
pub mod state;
pub mod sync;
pub mod verify_selection;
pub mod waves;
mod word;

use std::future::Future;

use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::config::Config;
use crate::state::{Central, StartError};

/// Opens central in `config.data` and serves on `listener` until `shutdown`, then drains and closes.
///
/// # Errors
/// [`StartError`].
pub async fn launch(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), StartError> {
    let central = Central::open(config, Clock::System).await?;
    serve(central, listener, shutdown).await;
    Ok(())
}

/// Serves an opened central until `shutdown`, then drains and closes.
pub async fn serve(central: Central, listener: TcpListener, shutdown: impl Future<Output = ()> + Send) {
    let router = router::router(central.clone());
    serve_routes(central, listener, router, shutdown).await;
}

/// Like [`serve`] with other routes (see [`router::finish`]), for tests of what surrounds them.
pub async fn serve_routes(
    central: Central,
    listener: TcpListener,
    router: axum::Router,
    shutdown: impl Future<Output = ()> + Send,
) {
    server::run(&central, listener, router, shutdown).await;
    central.close().await;
}
