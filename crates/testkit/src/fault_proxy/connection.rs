//! One connection through the fault proxy: plain HTTP request by request, anything else byte by byte.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::http::{Framing, Head, own_answer};
use super::plan::{Cut, CutHow, Direction, FaultKind, Mode, Plan, Portal};
use super::shared::Shared;

/// How a connection ends towards the client.
enum End {
    /// Finished in order.
    Closed,
    /// Reset.
    Reset,
}

/// Why passing bytes on stopped early.
enum Broken {
    /// The plan broke this direction.
    Cut(CutHow),
    /// The side that sends is gone.
    Source,
    /// The side that receives is gone.
    Sink,
}

/// Serves one client until it ends, the plan breaks it, or the mode changes.
pub(super) async fn serve(shared: Arc<Shared>, mut client: TcpStream, mut changed: watch::Receiver<u64>) {
    let _ = client.set_nodelay(true);
    let end = tokio::select! {
        end = traffic(&shared, &mut client) => end,
        _ = changed.changed() => {
            if shared.plan().mode == Mode::Blackhole {
                // The line is dead, yet nobody was told: both ends keep their sockets until the next change.
                let _ = changed.changed().await;
            }
            End::Reset
        }
    };
    match end {
        End::Closed => {
            let _ = client.shutdown().await;
        }
        End::Reset => {
            let _ = client.set_zero_linger();
        }
    }
}

async fn traffic(shared: &Shared, client: &mut TcpStream) -> End {
    let mode = shared.plan().mode;
    if mode == Mode::Reset {
        return End::Reset;
    }
    let (from_client, mut to_client) = client.split();
    let mut from_client = BufReader::new(from_client);
    if mode == Mode::Blackhole {
        while swallow(&mut from_client).await {}
        return std::future::pending().await;
    }
    match from_client.fill_buf().await.map(<[u8]>::first) {
        Ok(Some(first)) if first.is_ascii_uppercase() => {
            requests(shared, &mut from_client, &mut to_client).await.unwrap_or(End::Reset)
        }
        // A portal that does not speak the protocol drops it.
        Ok(Some(_)) if matches!(mode, Mode::Portal(_)) => End::Reset,
        Ok(Some(_)) => bytes(shared, &mut from_client, &mut to_client).await,
        Ok(None) => End::Closed,
        Err(_) => End::Reset,
    }
}

async fn swallow<R: AsyncRead + Unpin>(reader: &mut BufReader<R>) -> bool {
    let count = reader.fill_buf().await.map_or(0, <[u8]>::len);
    reader.consume(count);
    count > 0
}

struct Upstream {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
}

impl Upstream {
    async fn connect(shared: &Shared) -> io::Result<Self> {
        let stream = TcpStream::connect(shared.upstream).await?;
        let _ = stream.set_nodelay(true);
        let (reader, writer) = stream.into_split();
        Ok(Self { reader: BufReader::new(reader), writer })
    }
}

/// HTTP: looks at the plan anew for each request.
async fn requests<R, W>(shared: &Shared, client: &mut BufReader<R>, to_client: &mut W) -> io::Result<End>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut upstream: Option<Upstream> = None;
    let (mut up, mut down) = (Link::default(), Link::default());
    loop {
        let head = match &mut upstream {
            None => Head::read(client).await?,
            Some(open) => tokio::select! {
                head = Head::read(client) => head?,
                // The upstream ended an idle connection: a line would carry that to the client.
                _ = open.reader.fill_buf() => None,
            },
        };
        let Some(head) = head else { return Ok(End::Closed) };
        let (plan, fault) = shared.next_request(head.path());
        up.set(plan.up);
        down.set(plan.down);
        if let Some(answer) = answer_of_its_own(&plan, fault) {
            let mut body = head.request_body();
            while body.next(client).await?.is_some() {}
            tokio::time::sleep(plan.up.delay + plan.down.delay).await;
            to_client.write_all(&answer).await?;
            return Ok(End::Closed);
        }
        if fault == Some(FaultKind::Fail) {
            return Ok(End::Reset);
        }
        let open = match &mut upstream {
            Some(open) => open,
            none => none.insert(Upstream::connect(shared).await?),
        };
        let close = head.close;
        let exchange = Exchange { shared, up: &mut up, down: &mut down, method: head.method().to_owned() };
        let result = match fault {
            Some(FaultKind::LoseAnswer) => {
                exchange.run(head, client, open, &mut tokio::io::sink()).await.ok();
                return Ok(End::Reset);
            }
            Some(FaultKind::Duplicate) => {
                let whole = whole_request(&head, client).await?;
                let mut other = Upstream::connect(shared).await?;
                let (mut up, mut down) = (Link::default(), Link::default());
                let first = Exchange { shared, up: &mut up, down: &mut down, method: exchange.method.clone() };
                let mut nothing = BufReader::new(tokio::io::empty());
                let copy = Head::with_body(whole.clone());
                first.run(copy, &mut nothing, &mut other, &mut tokio::io::sink()).await.ok();
                exchange.run(Head::with_body(whole), &mut nothing, open, to_client).await
            }
            _ => exchange.run(head, client, open, to_client).await,
        };
        match result {
            Ok(After::Ready) if !close => {}
            Ok(_) => return Ok(End::Closed),
            Err(Broken::Cut(CutHow::HalfClose)) => {
                to_client.shutdown().await?;
                while swallow(client).await {}
                return Ok(End::Closed);
            }
            Err(_) => return Ok(End::Reset),
        }
    }
}

async fn whole_request<R: AsyncRead + Unpin>(head: &Head, client: &mut BufReader<R>) -> io::Result<Vec<u8>> {
    let mut whole = head.bytes.clone();
    let mut body = head.request_body();
    while let Some(piece) = body.next(client).await? {
        whole.extend(piece);
    }
    Ok(whole)
}

fn answer_of_its_own(plan: &Plan, fault: Option<FaultKind>) -> Option<Vec<u8>> {
    const LOGIN: &str = "<!doctype html><html><title>WiFi login</title><body><form>Please sign in</form></body></html>";
    const BAD_GATEWAY: &str = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>";
    const TOO_LARGE: &str = "<html><head><title>413 Request Entity Too Large</title></head></html>";
    match (plan.mode, fault) {
        (Mode::Portal(Portal::Html), _) => Some(own_answer("200 OK", "", LOGIN)),
        (Mode::Portal(Portal::Redirect), _) => {
            Some(own_answer("302 Found", "location: http://login.portal.example/start\r\n", ""))
        }
        (Mode::Portal(Portal::Required), _) => Some(own_answer("511 Network Authentication Required", "", LOGIN)),
        (Mode::BadGateway, _) | (_, Some(FaultKind::BadGateway)) => {
            Some(own_answer("502 Bad Gateway", "server: nginx\r\n", BAD_GATEWAY))
        }
        (_, Some(FaultKind::TooLarge)) => {
            Some(own_answer("413 Request Entity Too Large", "server: nginx\r\n", TOO_LARGE))
        }
        _ => None,
    }
}

/// Whether the connection can carry another request.
enum After {
    Ready,
    Finished,
}

struct Exchange<'a> {
    shared: &'a Shared,
    up: &'a mut Link,
    down: &'a mut Link,
    method: String,
}

impl Exchange<'_> {
    /// One request and its answer. An answer may come, and end, before the request is through.
    async fn run<R, W>(
        self,
        head: Head,
        client: &mut BufReader<R>,
        upstream: &mut Upstream,
        to_client: &mut W,
    ) -> Result<After, Broken>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let Self { shared, up, down, method } = self;
        let body = head.request_body();
        let mut request = pin!(up.pass(head.bytes, client, body, &mut upstream.writer));
        let mut answer = pin!(answer(&mut upstream.reader, &method, to_client, down));
        let mut sent = false;
        let after = loop {
            tokio::select! {
                result = &mut request, if !sent => {
                    match result {
                        Ok(()) => shared.count(|counters| counters.delivered += 1),
                        // The upstream stopped reading; it may have answered before.
                        Err(Broken::Sink) => {}
                        Err(broken) => return Err(broken),
                    }
                    sent = true;
                }
                result = &mut answer => break result?,
            }
        };
        shared.count(|counters| counters.answered += 1);
        Ok(if sent { after } else { After::Finished })
    }
}

async fn answer<R, W>(
    upstream: &mut BufReader<R>,
    method: &str,
    to_client: &mut W,
    link: &mut Link,
) -> Result<After, Broken>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    loop {
        let head = Head::read(upstream).await.ok().flatten().ok_or(Broken::Source)?;
        let (status, close, body) = (head.status(), head.close, head.answer_body(method));
        link.pass(head.bytes, upstream, body, to_client).await?;
        if !(100..=199).contains(&status) {
            return Ok(if close || body == Framing::UntilClose { After::Finished } else { After::Ready });
        }
    }
}

/// Anything that is not HTTP, TLS above all: both directions at once.
async fn bytes<R, W>(shared: &Shared, client: &mut BufReader<R>, to_client: &mut W) -> End
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let Ok(mut upstream) = Upstream::connect(shared).await else { return End::Reset };
    let plan = shared.plan();
    let (mut up, mut down) = (Link::default(), Link::default());
    up.set(plan.up);
    down.set(plan.down);
    let there = async {
        let result = up.pass(Vec::new(), client, Framing::UntilClose, &mut upstream.writer).await;
        finish(&result, &mut upstream.writer).await;
        result
    };
    let back = async {
        let result = down.pass(Vec::new(), &mut upstream.reader, Framing::UntilClose, to_client).await;
        finish(&result, to_client).await;
        result
    };
    let (mut there, mut back) = (pin!(there), pin!(back));
    let (mut there_done, mut back_done) = (false, false);
    while !(there_done && back_done) {
        let result = tokio::select! {
            result = &mut there, if !there_done => { there_done = true; result }
            result = &mut back, if !back_done => { back_done = true; result }
        };
        if matches!(result, Err(Broken::Cut(CutHow::Reset) | Broken::Source | Broken::Sink)) {
            return End::Reset;
        }
    }
    End::Closed
}

/// An orderly end is passed on; a reset must not begin with one.
async fn finish<W: AsyncWrite + Unpin>(result: &Result<(), Broken>, sink: &mut W) {
    if matches!(result, Ok(()) | Err(Broken::Cut(CutHow::HalfClose))) {
        let _ = sink.shutdown().await;
    }
}

/// One direction of a connection: delay, rate and break.
#[derive(Default)]
struct Link {
    delay: Duration,
    rate: Option<u64>,
    cut: Option<Cut>,
    passed: u64,
}

impl Link {
    fn set(&mut self, direction: Direction) {
        self.delay = direction.delay;
        self.rate = direction.rate;
        self.cut = direction.cut;
    }

    /// Passes a head and a body on. Each piece is held back by the delay, and pieces overlap, so that a long line is
    /// slow to answer without being slow to carry.
    async fn pass<R, W>(
        &mut self,
        head: Vec<u8>,
        source: &mut BufReader<R>,
        mut body: Framing,
        sink: &mut W,
    ) -> Result<(), Broken>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let delay = self.delay;
        let (sender, mut line) = mpsc::channel::<(Instant, Vec<u8>)>(256);
        let read = async move {
            let mut piece = Some(head);
            while let Some(bytes) = piece {
                if sender.send((Instant::now() + delay, bytes)).await.is_err() {
                    return Ok(());
                }
                piece = body.next(source).await.map_err(|_| Broken::Source)?;
            }
            Ok(())
        };
        let write = async {
            while let Some((due, bytes)) = line.recv().await {
                tokio::time::sleep_until(due).await;
                self.write(sink, &bytes).await?;
            }
            Ok(())
        };
        tokio::try_join!(read, write).map(|_| ())
    }

    async fn write<W: AsyncWrite + Unpin>(&mut self, sink: &mut W, bytes: &[u8]) -> Result<(), Broken> {
        let mut bytes = bytes;
        let mut broken = None;
        if let Some(cut) = self.cut {
            let left = usize::try_from(cut.after.saturating_sub(self.passed)).unwrap_or(usize::MAX);
            if bytes.len() > left {
                bytes = &bytes[..left];
                broken = Some(Broken::Cut(cut.how));
            }
        }
        if let Some(rate) = self.rate {
            tokio::time::sleep(Duration::from_secs_f64(bytes.len() as f64 / rate as f64)).await;
        }
        sink.write_all(bytes).await.map_err(|_| Broken::Sink)?;
        sink.flush().await.map_err(|_| Broken::Sink)?;
        self.passed += u64::try_from(bytes.len()).unwrap_or(0);
        broken.map_or(Ok(()), Err)
    }
}
