//! A loopback port by which another process sets the plan: the window's journeys run the proxy as a program.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::json;
use tokio::net::TcpListener;

use super::FaultProxy;
use super::plan::Plan;

/// Serves `POST /mode` (a plan as text) and `GET /counters` (JSON) for a proxy, until the process or task ends.
pub async fn serve(proxy: Arc<FaultProxy>, listener: TcpListener) -> io::Result<()> {
    let router = Router::new().route("/mode", post(set_mode)).route("/counters", get(counters)).with_state(proxy);
    axum::serve(listener, router).await
}

/// Binds a control port on loopback; give the listener to [`serve`].
pub async fn bind() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

async fn set_mode(State(proxy): State<Arc<FaultProxy>>, body: String) -> (StatusCode, String) {
    match body.parse::<Plan>() {
        Err(bad) => (StatusCode::BAD_REQUEST, format!("{bad}\n")),
        Ok(plan) => match proxy.set(plan).await {
            Ok(()) => (StatusCode::OK, "ok\n".into()),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
        },
    }
}

async fn counters(State(proxy): State<Arc<FaultProxy>>) -> String {
    let counters = proxy.counters();
    json!({
        "connections": counters.connections,
        "requests": counters.requests,
        "delivered": counters.delivered,
        "answered": counters.answered,
        "faults": counters.faults,
    })
    .to_string()
}
