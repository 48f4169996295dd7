//! A real TCP proxy that breaks the network on purpose, in front of any upstream on loopback.
//!
//! Plain HTTP/1.1 is understood well enough to lose an answer, deliver a request twice or answer like a captive
//! portal; anything else (TLS) is carried byte by byte, with delays and breaks. The plan can change at any time:
//! delays and faults hold from the next request on, a change of [`Mode`] also ends the connections that are open,
//! since a keep-alive connection would otherwise survive a network that is "off".

mod connection;
pub mod control;
mod http;
mod plan;
mod shared;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

pub use plan::{BadPlan, Cut, CutHow, Direction, Fault, FaultKind, Mode, Plan, Portal, When};
use shared::Shared;

/// How long a test may wait for a condition.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the proxy has seen since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Connections accepted.
    pub connections: u64,
    /// HTTP requests begun by clients.
    pub requests: u64,
    /// HTTP requests that the upstream got whole (a duplicate counts twice).
    pub delivered: u64,
    /// HTTP answers of the upstream that went through whole (also into nothing, when an answer is lost on purpose).
    pub answered: u64,
    /// Requests that the plan's fault hit.
    pub faults: u64,
}

/// The proxy. It stops when dropped.
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    orders: mpsc::Sender<Order>,
    acceptor: AbortHandle,
}

type Order = (Plan, oneshot::Sender<io::Result<()>>);

impl FaultProxy {
    /// Starts on a free loopback port, everything passing.
    pub async fn start(upstream: SocketAddr) -> io::Result<Self> {
        Self::start_on(([127, 0, 0, 1], 0).into(), upstream).await
    }

    /// Starts on an address, everything passing.
    pub async fn start_on(listen: SocketAddr, upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(upstream));
        let (orders, received) = mpsc::channel(8);
        let acceptor = tokio::spawn(accept(shared.clone(), address, listener, received)).abort_handle();
        Ok(Self { address, shared, orders, acceptor })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base URL for a plain HTTP upstream.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts a plan in force. When this returns, new connections meet it, and after a change of mode the old
    /// connections are gone (or frozen, for [`Mode::Blackhole`]).
    pub async fn set(&self, plan: Plan) -> io::Result<()> {
        let (done, result) = oneshot::channel();
        let gone = || io::Error::other("the proxy has stopped");
        self.orders.send((plan, done)).await.map_err(|_| gone())?;
        result.await.map_err(|_| gone())?
    }

    /// Switches the network off: nothing listens, open connections are reset.
    pub async fn cut(&self) -> io::Result<()> {
        self.set(Plan::mode(Mode::Cut)).await
    }

    /// Everything passes again.
    pub async fn restore(&self) -> io::Result<()> {
        self.set(Plan::default()).await
    }

    /// What was seen so far.
    pub fn counters(&self) -> Counters {
        *self.shared.counters.borrow()
    }

    /// Waits until the counters satisfy a condition, at most ten seconds.
    pub async fn wait_until(&self, reached: impl FnMut(&Counters) -> bool) -> io::Result<Counters> {
        let mut counters = self.shared.counters.subscribe();
        let waiting = tokio::time::timeout(PATIENCE, counters.wait_for(reached)).await;
        match waiting {
            Ok(Ok(counters)) => Ok(*counters),
            _ => Err(io::Error::new(io::ErrorKind::TimedOut, format!("still {:?}", self.counters()))),
        }
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

async fn accept(shared: Arc<Shared>, address: SocketAddr, first: TcpListener, mut orders: mpsc::Receiver<Order>) {
    let mut listener = Some(first);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // Orders first: a client that connects after `set` returned must meet the new plan.
            biased;
            order = orders.recv() => {
                let Some((plan, done)) = order else { return };
                let _ = done.send(obey(&shared, address, plan, &mut listener, &mut connections).await);
            }
            Some(client) = next(listener.as_ref()) => {
                shared.count(|counters| counters.connections += 1);
                connections.spawn(connection::serve(shared.clone(), client, shared.modes.subscribe()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn next(listener: Option<&TcpListener>) -> Option<TcpStream> {
    listener?.accept().await.ok().map(|(client, _)| client)
}

async fn obey(
    shared: &Shared,
    address: SocketAddr,
    plan: Plan,
    listener: &mut Option<TcpListener>,
    connections: &mut JoinSet<()>,
) -> io::Result<()> {
    let mode = plan.mode;
    if mode == Mode::Cut {
        *listener = None;
    }
    if shared.replace(plan) && mode != Mode::Blackhole {
        while connections.join_next().await.is_some() {}
    }
    if mode != Mode::Cut && listener.is_none() {
        *listener = Some(bind_again(address).await?);
    }
    Ok(())
}

/// The port is free but for remains of old connections; some systems need a moment.
async fn bind_again(address: SocketAddr) -> io::Result<TcpListener> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match TcpListener::bind(address).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            result => return result,
        }
    }
}
