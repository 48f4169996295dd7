//! Mails through a real SMTP conversation on loopback.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_central::clock::Clock;
use prakerja_central::config::{Mail, MailSecurity};
use prakerja_protocol::account::Language;
use prakerja_testkit::central::Central;
use prakerja_testkit::tls::{Authority, Validity};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

use crate::client::{Client, PASSWORD, count, until};

const NOW: i64 = 1_795_421_460_000;
const PATIENCE: Duration = Duration::from_secs(20);
/// User and password that the server knows.
const LOGIN: (&str, &str) = ("prakerja", "kunci-surel-9");

/// A mail as the server took it: recipient and data.
pub(crate) type Taken = (String, String);

/// How a client gets into the server.
#[derive(Clone)]
enum Door {
    /// Plain, and anybody may send; who logs in must know [`LOGIN`].
    Open,
    /// TLS from the start, and only with [`LOGIN`].
    Tls(TlsAcceptor),
    /// Plain until STARTTLS, and only with [`LOGIN`].
    StartTls(TlsAcceptor),
}

/// A small SMTP server. Each recipient gets the next scripted reply, then `250`; `hold` never answers.
pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    pub(crate) mails: mpsc::UnboundedReceiver<Taken>,
    /// Replies that were given to recipients and to logins.
    replies: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Talk {
    door: Door,
    script: Arc<Mutex<VecDeque<String>>>,
    given: Arc<Mutex<Vec<String>>>,
    mails: mpsc::UnboundedSender<Taken>,
}

impl SmtpServer {
    pub(crate) async fn start(script: &[&str]) -> Self {
        Self::behind(Door::Open, script).await
    }

    async fn behind(door: Door, script: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, mails) = mpsc::unbounded_channel();
        let script = Arc::new(Mutex::new(script.iter().map(|reply| (*reply).to_owned()).collect::<VecDeque<_>>()));
        let replies = Arc::new(Mutex::new(Vec::new()));
        let talk = Talk { door, script, given: replies.clone(), mails: sender };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk.clone().serve(stream));
            }
        });
        Self { address, mails, replies }
    }

    pub(crate) async fn next(&mut self) -> Taken {
        tokio::time::timeout(PATIENCE, self.mails.recv()).await.expect("no mail came").unwrap()
    }

    /// Waits for a reply.
    async fn replied(&self, start: &str) {
        let found = async || self.replies.lock().unwrap().iter().any(|reply| reply.starts_with(start));
        until(start, found).await;
    }
}

impl Talk {
    async fn serve(self, stream: TcpStream) -> Option<()> {
        match self.door.clone() {
            Door::Open => self.converse(stream, true, true).await.map(|_| ()),
            Door::Tls(tls) => self.converse(tls.accept(stream).await.ok()?, true, false).await.map(|_| ()),
            Door::StartTls(tls) => {
                let plain = self.converse(stream, true, false).await??;
                self.converse(tls.accept(plain).await.ok()?, false, false).await.map(|_| ())
            }
        }
    }

    /// One conversation; gives the stream back when the client asked for TLS.
    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        greet: bool,
        mut welcome: bool,
    ) -> Option<Option<S>> {
        let mut stream = BufReader::new(stream);
        let mut recipient = String::new();
        if greet {
            stream.write_all(b"220 test ESMTP\r\n").await.ok()?;
        }
        while let Some(line) = read_line(&mut stream).await {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let reply = match verb.as_str() {
                "EHLO" if matches!(self.door, Door::StartTls(_)) => {
                    "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN".to_owned()
                }
                "EHLO" => "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME".to_owned(),
                "STARTTLS" => {
                    stream.write_all(b"220 go on\r\n").await.ok()?;
                    return Some(Some(stream.into_inner()));
                }
                "AUTH" => {
                    welcome = line == format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{}\0{}", LOGIN.0, LOGIN.1)));
                    self.give(if welcome { "235 come in" } else { "535 5.7.8 wrong password" })
                }
                "RCPT" if !welcome => self.give("530 5.7.0 log in first"),
                "RCPT" => {
                    recipient = line.trim_start_matches("RCPT TO:<").split('>').next()?.to_owned();
                    let reply = self.script.lock().unwrap().pop_front().unwrap_or_else(|| "250 ok".to_owned());
                    if self.give(&reply) == "hold" {
                        std::future::pending::<()>().await;
                    }
                    reply
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await.ok()?;
                    let mut data = String::new();
                    loop {
                        let line = read_line(&mut stream).await?;
                        if line == "." {
                            break;
                        }
                        data.push_str(&line);
                        data.push('\n');
                    }
                    self.mails.send((recipient.clone(), data)).ok()?;
                    "250 taken".to_owned()
                }
                "QUIT" => "221 bye".to_owned(),
                _ => "250 ok".to_owned(),
            };
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
            stream.flush().await.ok()?;
        }
        Some(None)
    }

    fn give(&self, reply: &str) -> String {
        self.given.lock().unwrap().push(reply.to_owned());
        reply.to_owned()
    }
}

async fn read_line(stream: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The mail section for a server at this address.
pub(crate) fn mail(address: SocketAddr) -> Mail {
    Mail {
        host: address.ip().to_string(),
        port: address.port(),
        security: MailSecurity::None,
        user: None,
        password: None,
        from: "Prakerja Desktop <no-reply@contoh.id>".to_owned(),
    }
}

async fn central(address: SocketAddr) -> (Central, Client) {
    central_at(Clock::System, address).await
}

async fn central_at(clock: Clock, address: SocketAddr) -> (Central, Client) {
    let central = Central::start_with(clock, |config| {
        config.demo = false;
        config.mail = Some(mail(address));
    })
    .await
    .unwrap();
    let client = Client::new(&central);
    (central, client)
}

/// The six digits after the words that announce them.
pub(crate) fn code_in(data: &str, words: &str) -> String {
    let after = data.split_once(words).unwrap_or_else(|| panic!("{data}")).1;
    after.chars().take(6).collect()
}

/// Waits until nothing waits to be sent.
async fn sent_all(central: &Central) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while count(central, "select count(*) from message_outbox").await > 0 {
        assert!(tokio::time::Instant::now() < deadline, "a mail still waits");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_code_comes_by_mail_in_the_chosen_language() {
    let mut server = SmtpServer::start(&[]).await;
    let (central, client) = central(server.address).await;
    for (email, language, words) in [
        ("sari@contoh.id", Language::Id, "Kode pendaftaran kamu: "),
        ("o'neil@contoh.id", Language::En, "Your sign-up code: "),
    ] {
        let mut body = client.prepare(email, PASSWORD).await;
        body.language = language;
        client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
        let (recipient, data) = server.next().await;
        assert_eq!(recipient, email);
        assert!(data.contains("From: \"Prakerja Desktop\" <no-reply@contoh.id>"), "{data}");
        assert!(data.contains("Auto-Submitted: auto-generated") && data.contains("Message-ID: "), "{data}");
        assert!(data.contains("Content-Type: text/plain; charset=utf-8"), "{data}");
        client.send_code(body.sign_up, Uuid::new_v4(), &code_in(&data, words)).await.session();
    }
    sent_all(&central).await;
}

#[tokio::test]
async fn a_mail_that_is_refused_for_now_is_sent_again() {
    let mut server = SmtpServer::start(&["451 later", "421 too busy"]).await;
    let (central, client) = central(server.address).await;
    let body = client.prepare("sari@contoh.id", PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let (_, data) = server.next().await;
    let code = code_in(&data, "Kode pendaftaran kamu: ");
    client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
    sent_all(&central).await;
    assert_eq!(server.replies.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up() {
    let mut server = SmtpServer::start(&["550 no such mailbox"]).await;
    let (central, client) = central(server.address).await;
    let body = client.prepare("tiada@contoh.id", PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while server.replies.lock().unwrap().is_empty() {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::task::yield_now().await;
    }
    sent_all(&central).await;
    assert!(server.mails.try_recv().is_err());
}

#[tokio::test]
async fn nobody_waits_for_a_mail_server_that_is_down_and_the_mail_outlives_a_restart() {
    // A port that was just free: nobody listens there yet.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (mut central, client) = central(free).await;
    let body = client.prepare("sari@contoh.id", PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    central.kill().await.unwrap();
    let mut server = SmtpServer::start(&[]).await;
    central.configure(|config| config.mail = Some(mail(server.address)));
    central.restart().await.unwrap();
    let (_, data) = server.next().await;
    let code = code_in(&data, "Kode pendaftaran kamu: ");
    client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
}

/// The second step of a sign-up, which queues a mail.
async fn queue(client: &Client, email: &str) {
    let body = client.prepare(email, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
}

#[tokio::test]
async fn a_code_that_is_over_is_not_sent() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (mut central, client) = central_at(Clock::fake(NOW), free).await;
    queue(&client, "sari@contoh.id").await;
    central.stop().await.unwrap();
    central.clock().advance_ms(10 * 60_000);
    let mut server = SmtpServer::start(&[]).await;
    central.configure(|config| config.mail = Some(mail(server.address)));
    central.restart().await.unwrap();
    queue(&client, "budi@contoh.id").await;
    assert_eq!(server.next().await.0, "budi@contoh.id");
    sent_all(&central).await;
    assert!(server.mails.try_recv().is_err());
}

#[tokio::test]
async fn a_mail_that_gets_stuck_does_not_hold_the_others_up() {
    let mut server = SmtpServer::start(&["hold", "hold"]).await;
    let (_central, client) = central(server.address).await;
    for email in ["sari@contoh.id", "budi@contoh.id"] {
        queue(&client, email).await;
    }
    until("two are stuck", async || server.replies.lock().unwrap().len() == 2).await;
    queue(&client, "dewi@contoh.id").await;
    assert_eq!(server.next().await.0, "dewi@contoh.id");
}

/// What left cannot be taken out of the outbox any more.
async fn keep_in_outbox(central: &Central) {
    let mut tx = central.state().unwrap().db.begin().await.unwrap();
    let full = "create trigger full before delete on message_outbox begin select raise(abort, 'disk full'); end";
    sqlx::query(full).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_mail_that_left_and_cannot_be_deleted_is_not_sent_again_and_again() {
    let mut server = SmtpServer::start(&[]).await;
    let (central, client) = central_at(Clock::fake(NOW), server.address).await;
    keep_in_outbox(&central).await;
    for email in ["sari@contoh.id", "budi@contoh.id", "dewi@contoh.id"] {
        queue(&client, email).await;
        assert_eq!(server.next().await.0, email);
    }
    assert!(server.mails.try_recv().is_err());
}

#[tokio::test]
async fn a_code_does_not_wait_behind_the_results_of_a_wave() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (mut central, client) = central_at(Clock::fake(NOW), free).await;
    queue(&client, "sari@contoh.id").await;
    // Ten thousand mails that are worth a month, older than the next code.
    let results = "
        with recursive nth (i) as (select 1 union all select i + 1 from nth where i < 10000)
        insert into message_outbox (id, sealed, next_at, expires_at)
        select unhex(printf('%032x', i)), sealed, next_at + 600000, expires_at + 2592000000 from message_outbox, nth";
    let mut tx = central.state().unwrap().db.begin().await.unwrap();
    let queued = sqlx::query(results).execute(&mut *tx).await.unwrap();
    assert_eq!(queued.rows_affected(), 10_000);
    tx.commit().await.unwrap();
    queue(&client, "budi@contoh.id").await;
    central.stop().await.unwrap();
    let mut server = SmtpServer::start(&[]).await;
    central.configure(|config| config.mail = Some(mail(server.address)));
    central.restart().await.unwrap();
    // Eight are on their way at the same time; who arrives first is the network's matter.
    let mut first = Vec::new();
    for _ in 0..50 {
        first.push(server.next().await.0);
    }
    assert!(first.iter().any(|to| to == "budi@contoh.id"), "{first:?}");
}

#[tokio::test]
async fn a_mail_that_leaves_twice_says_that_it_is_the_same() {
    let mut server = SmtpServer::start(&[]).await;
    let (central, client) = central_at(Clock::fake(NOW), server.address).await;
    keep_in_outbox(&central).await;
    queue(&client, "sari@contoh.id").await;
    let id = |data: &str| data.lines().find(|line| line.starts_with("Message-ID: ")).map(str::to_owned).unwrap();
    let first = id(&server.next().await.1);
    assert!(first.ends_with("@contoh.id>"), "{first}");
    // Its lease is over, and nobody could note that it left.
    central.clock().advance_ms(6 * 60_000);
    assert_eq!(id(&server.next().await.1), first);
}

#[tokio::test]
async fn a_refused_login_loses_no_mail() {
    let mut server = SmtpServer::start(&[]).await;
    let (mut central, client) = central_with_login(server.address, "salah").await;
    queue(&client, "sari@contoh.id").await;
    server.replied("535").await;
    central.configure(|config| config.mail.as_mut().unwrap().password = Some(LOGIN.1.to_owned().into()));
    central.restart().await.unwrap();
    assert_eq!(server.next().await.0, "sari@contoh.id");
    server.replied("235").await;
}

async fn central_with_login(address: SocketAddr, password: &str) -> (Central, Client) {
    let (mut central, client) = central(address).await;
    central.configure(|config| {
        let mail = config.mail.as_mut().unwrap();
        (mail.user, mail.password) = (Some(LOGIN.0.to_owned()), Some(password.to_owned().into()));
    });
    central.restart().await.unwrap();
    (central, client)
}

#[tokio::test]
async fn half_a_login_is_refused_at_start() {
    let server = SmtpServer::start(&[]).await;
    let (mut central, _client) = central_with_login(server.address, LOGIN.1).await;
    central.configure(|config| config.mail.as_mut().unwrap().password = None);
    assert!(central.restart().await.unwrap_err().to_string().contains("PRAKERJA_CENTRAL_SMTP_PASSWORD"));
}

/// The real program, since only its environment can say whom to trust.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn mails_leave_through_tls_and_starttls_with_a_login() {
    for name in ["tls", "start_tls"] {
        let authority = Authority::new("Kantor Contoh").unwrap();
        let tls = TlsAcceptor::from(authority.server(Validity::Now).unwrap());
        let door = if name == "tls" { Door::Tls(tls) } else { Door::StartTls(tls) };
        let mut server = SmtpServer::behind(door, &[]).await;
        let folder = tempfile::tempdir().unwrap();
        let (config, trusted) = (folder.path().join("central.toml"), folder.path().join("trusted.pem"));
        let pem = STANDARD.encode(authority.certificate());
        std::fs::write(&trusted, format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n")).unwrap();
        let text = format!(
            "[stretch]\nmemory_kib = 8192\npasses = 1\nlanes = 1\n[mail]\nhost = \"localhost\"\nport = {}\n\
             security = \"{name}\"\nuser = \"{}\"\nfrom = \"no-reply@contoh.id\"\n",
            server.address.port(),
            LOGIN.0
        );
        std::fs::write(&config, text).unwrap();
        let mut child = crate::program::serve(&folder.path().join("data"))
            .arg("--config")
            .arg(&config)
            .env("PRAKERJA_CENTRAL_SMTP_PASSWORD", LOGIN.1)
            .env("SSL_CERT_FILE", &trusted)
            .spawn()
            .unwrap();
        let _log = crate::program::log_of(&mut child);
        let client = Client::at(&crate::program::address_of(&mut child).await);
        queue(&client, "sari@contoh.id").await;
        assert_eq!(server.next().await.0, "sari@contoh.id", "{name}");
        child.kill().await.unwrap();
    }
}
