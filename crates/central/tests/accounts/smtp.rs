//! Mails through a real SMTP conversation on loopback.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_central::config::{Mail, MailSecurity};
use prakerja_protocol::account::Language;
use prakerja_testkit::central::Central;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::client::{Client, PASSWORD, count};

const PATIENCE: Duration = Duration::from_secs(20);

/// A mail as the server took it: recipient and data.
pub(crate) type Taken = (String, String);

/// A small SMTP server. Each recipient gets the next scripted reply, then `250`.
pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    pub(crate) mails: mpsc::UnboundedReceiver<Taken>,
    /// Replies that were given to recipients.
    replies: Arc<Mutex<Vec<String>>>,
}

impl SmtpServer {
    pub(crate) async fn start(script: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, mails) = mpsc::unbounded_channel();
        let script = Arc::new(Mutex::new(script.iter().map(|reply| (*reply).to_owned()).collect::<VecDeque<_>>()));
        let replies = Arc::new(Mutex::new(Vec::new()));
        let given = replies.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, script.clone(), given.clone(), sender.clone()));
            }
        });
        Self { address, mails, replies }
    }

    pub(crate) async fn next(&mut self) -> Taken {
        tokio::time::timeout(PATIENCE, self.mails.recv()).await.expect("no mail came").unwrap()
    }
}

async fn talk(
    stream: TcpStream,
    script: Arc<Mutex<VecDeque<String>>>,
    given: Arc<Mutex<Vec<String>>>,
    mails: mpsc::UnboundedSender<Taken>,
) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut recipient = String::new();
    write.write_all(b"220 test ESMTP\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => "250-test\r\n250 8BITMIME".to_owned(),
            "RCPT" => {
                recipient = line.trim_start_matches("RCPT TO:<").split('>').next()?.to_owned();
                let reply = script.lock().unwrap().pop_front().unwrap_or_else(|| "250 ok".to_owned());
                given.lock().unwrap().push(reply.clone());
                reply
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut data = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    data.push_str(&line);
                    data.push('\n');
                }
                mails.send((recipient.clone(), data)).ok()?;
                "250 taken".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        write.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
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
    let central = Central::start_with(Clock::System, |config| {
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
    while count(central, "select count(*) from mail_outbox").await > 0 {
        assert!(tokio::time::Instant::now() < deadline, "a mail still waits");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_code_comes_by_mail_in_the_chosen_language() {
    let mut server = SmtpServer::start(&[]).await;
    let (central, client) = central(server.address).await;
    for (email, language, words) in [
        ("sari@contoh.id", Language::Id, "Kode pendaftaran Anda: "),
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
    let code = code_in(&data, "Kode pendaftaran Anda: ");
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
    let code = code_in(&data, "Kode pendaftaran Anda: ");
    client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
}
