//! The program itself: start line, configuration, signals, and what it writes to its log.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use prakerja_central::config::Config;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::client::{Client, PASSWORD};
use crate::smtp::{SmtpServer, code_in};

const PATIENCE: Duration = Duration::from_secs(30);

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prakerja-central"));
    command.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn serve(data: &Path) -> Command {
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    command
}

/// Waits for the line that whoever starts central waits for.
pub(crate) async fn address_of(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
    line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}")).to_owned()
}

/// Reads the log to its end beside the test: a full pipe would stop the program.
pub(crate) fn log_of(child: &mut Child) -> JoinHandle<String> {
    let mut stderr = child.stderr.take().unwrap();
    tokio::spawn(async move {
        let mut log = String::new();
        stderr.read_to_string(&mut log).await.unwrap();
        log
    })
}

#[cfg(unix)]
#[tokio::test]
async fn it_serves_until_sigterm_and_its_log_holds_no_personal_data() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = SmtpServer::start(&[]).await;
    let config = folder.path().join("central.toml");
    let text = format!(
        "[stretch]\nmemory_kib = 8192\npasses = 1\nlanes = 1\n[mail]\nhost = \"127.0.0.1\"\nport = {}\n\
         security = \"none\"\nfrom = \"no-reply@contoh.id\"\n",
        server.address.port()
    );
    std::fs::write(&config, text).unwrap();
    let mut child = serve(&folder.path().join("data"))
        .arg("--config")
        .arg(&config)
        .env("RUST_LOG", "debug,hyper=info")
        .spawn()
        .unwrap();
    let log = log_of(&mut child);
    let client = Client::at(&address_of(&mut child).await);

    let email = "sari.wulandari@contoh.id";
    let body = client.prepare(email, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let code = code_in(&server.next().await.1, "Kode pendaftaran kamu: ");
    let session = client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
    client.get(&format!("/v1/sessions?email={email}"), Some(&session.access_token)).await.expect(200);
    client.get(&format!("/v1/{email}"), None).await.refused(404, "not-found");
    let wrong = client.prepare_sign_in(email, "Rahasia2027").await;
    assert!(wrong.is_none());

    let pid = child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let ended = tokio::time::timeout(PATIENCE, child.wait()).await.unwrap().unwrap();
    assert!(ended.success(), "{ended}");
    let log = log.await.unwrap();
    assert!(log.contains("route=\"/v1/accounts/{sign_up}/code\""), "{log}");
    for secret in
        ["wulandari", "contoh.id", "Kode pendaftaran", &session.access_token, &session.refresh_token, PASSWORD]
    {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
    // Six digits may well be part of a time or an id.
    let mut words = log.split(|c: char| !c.is_alphanumeric() && c != '.');
    assert!(!words.any(|word| word == code), "the code is in the log:\n{log}");
}

#[tokio::test]
async fn demo_says_so_and_prints_the_sandbox_mail() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = serve(folder.path()).arg("--demo").spawn().unwrap();
    let client = Client::at(&address_of(&mut child).await);
    assert_eq!(client.get("/v1/health/probe?n=1", None).await.json["demo"], true);
    let body = client.prepare("sari@contoh.id", PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let printed = async {
        loop {
            let line = lines.next_line().await.unwrap().expect("the terminal ended");
            if line.starts_with("[SANDBOX mail] to: sari@contoh.id") {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, printed).await.unwrap();
    child.kill().await.unwrap();
}

#[tokio::test]
async fn without_mail_server_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = serve(folder.path()).output().await.unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--demo"));
}

#[tokio::test]
async fn the_printed_configuration_is_the_default() {
    let output = program().arg("config").output().await.unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("central.toml");
    std::fs::write(&file, &text).unwrap();
    assert_eq!(format!("{:?}", Config::read(&file).unwrap()), format!("{:?}", Config::default()));

    // With the mail section, too.
    let with_mail: String =
        text.split_once("# [mail]").map(|(rest, mail)| format!("{rest}[mail]{}", mail.replace("\n# ", "\n"))).unwrap();
    std::fs::write(&file, with_mail).unwrap();
    assert_eq!(Config::read(&file).unwrap().mail.unwrap().port, 465);
    // And with the outside parties.
    let sections = text.split_once("# [registry]").unwrap().1.split_once("\n# The mail server").unwrap().0;
    let settings = |line: &&str| line.contains(" = ") || line.starts_with("# [");
    let sections: Vec<&str> = sections.lines().filter(settings).map(|line| line.trim_start_matches("# ")).collect();
    std::fs::write(&file, format!("[registry]\n{}", sections.join("\n"))).unwrap();
    let parties = Config::read(&file).unwrap();
    assert_eq!((parties.registry.unwrap().timeout_s, parties.face.unwrap().poll_s), (20, 5));
    assert_eq!(parties.sms.unwrap().sender, "PRAKERJA");
    // And with what a scheme may have of its own: every section that all schemes share.
    let own = &parties.by_scheme["2020"];
    assert_eq!(own.question_files.as_ref().unwrap().len(), 1);
    assert_eq!(own.registry.as_ref().unwrap().url, "https://registry-2020.example.org/match");
    assert_eq!((own.sms.as_ref().unwrap().timeout_s, own.face.as_ref().unwrap().poll_s), (20, 5));
    std::fs::write(&file, "unknown = 1").unwrap();
    assert!(Config::read(&file).is_err());
}

#[tokio::test]
async fn operators_lock_accounts_from_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let lock = |email: &str| {
        let mut command = program();
        command.args(["account", "lock", email, "--data"]).arg(folder.path());
        command
    };
    let output = lock("sari@contoh.id").output().await.unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no database"));
    let mut child = serve(folder.path()).arg("--demo").spawn().unwrap();
    let _log = log_of(&mut child);
    address_of(&mut child).await;
    let output = lock("sari@contoh.id").output().await.unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no account has this address"));
    // The folder may also come from the configuration file.
    let config = folder.path().join("central.toml");
    std::fs::write(&config, format!("data = {:?}\n", folder.path())).unwrap();
    let by_config = async |arguments: &[&str]| program().args(arguments).arg("--config").arg(&config).output().await;
    let output = by_config(&["account", "lock", "sari@contoh.id"]).await.unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no account has this address"));
    let output = by_config(&["catalogue", "list"]).await.unwrap();
    assert!(output.status.success() && !output.stdout.is_empty());
}

#[tokio::test]
async fn beyond_this_machine_it_warns_when_no_proxy_is_trusted() {
    for (listen, warned) in [("0.0.0.0:0", true), ("127.0.0.1:0", false)] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = program();
        child.args(["serve", "--demo", "--listen", listen, "--data"]).arg(folder.path());
        let mut child = child.spawn().unwrap();
        let log = log_of(&mut child);
        address_of(&mut child).await;
        child.kill().await.unwrap();
        assert_eq!(log.await.unwrap().contains("trusted_hops"), warned, "{listen}");
    }
}
