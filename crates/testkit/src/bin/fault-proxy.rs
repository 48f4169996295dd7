//! The fault proxy as a program: `fault-proxy --listen 127.0.0.1:0 --upstream 127.0.0.1:PORT`.
//!
//! Prints `listening on ADDRESS` and `control on ADDRESS`, then runs until it is killed. `POST /mode` on the control
//! address sets the plan (see `prakerja_testkit::fault_proxy`), `GET /counters` tells what was seen.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use prakerja_testkit::fault_proxy::{FaultProxy, control};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (listen, upstream) = arguments(std::env::args().skip(1))?;
    let proxy = Arc::new(FaultProxy::start_on(listen, upstream).await?);
    let (listener, address) = control::bind().await?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}\ncontrol on {address}", proxy.address())?;
    out.flush()?;
    control::serve(proxy, listener).await?;
    Ok(())
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<(SocketAddr, SocketAddr), String> {
    const USAGE: &str = "usage: fault-proxy [--listen ADDRESS:PORT] --upstream ADDRESS:PORT";
    let (mut listen, mut upstream) = (SocketAddr::from(([127, 0, 0, 1], 0)), None);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(USAGE)?;
        let value = value.parse().map_err(|_| format!("{value} is no address and port\n{USAGE}"))?;
        match word.as_str() {
            "--listen" => listen = value,
            "--upstream" => upstream = Some(value),
            _ => return Err(USAGE.into()),
        }
    }
    Ok((listen, upstream.ok_or(USAGE)?))
}
