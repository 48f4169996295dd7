//! Central, the fault proxy and the window's driver: real programs, each stopped when its value is dropped.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::Outcome;

/// How long a program may take to say that it listens.
const START: Duration = Duration::from_secs(30);

/// A program built beside this one.
pub fn program(name: &str) -> Outcome<PathBuf> {
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let path = here.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if path.exists() { Ok(path) } else { Err(format!("{name} is not built; run `cargo xtask run` once")) }
}

/// Central with demo data on a free loopback port.
pub struct Central {
    _child: Child,
    data: PathBuf,
    /// Its address.
    pub address: String,
}

impl Central {
    /// Starts it on a data folder.
    pub async fn start(data: &Path) -> Outcome<Self> {
        Self::serve(data, &[]).await
    }

    /// Starts it with short waits, for people of a scheme. An officer looks at photos, and nothing closes by itself.
    pub async fn start_fast(data: &Path, scheme: &str) -> Outcome<Self> {
        let config = data.with_extension("toml");
        let text = format!("scheme = \"{scheme}\"\nfast_close_after_s = 86400\n[documents]\nreview = \"office\"\n");
        std::fs::write(&config, text).map_err(|error| format!("{}: {error}", config.display()))?;
        Self::serve(data, &["--fast", "--config", &config.to_string_lossy()]).await
    }

    async fn serve(data: &Path, more: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(program("prakerja-central")?);
        command.args(["serve", "--demo", "--listen", "127.0.0.1:0"]).args(more).arg("--data").arg(data);
        let (child, mut said) = start(command, &["listening on "]).await?;
        Ok(Self { _child: child, data: data.to_owned(), address: said.remove(0) })
    }

    /// Decides what an officer or operator would, by a route that only a demo has.
    pub async fn control(&self, what: &str, values: &[(&str, &str)]) -> Outcome {
        let url = format!("{}/sandbox/control/{what}", self.address);
        let answer = reqwest::Client::new().post(&url).query(values).send().await;
        let answer = answer.map_err(|error| format!("the sandbox does not answer: {error}"))?;
        let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
        if status.is_success() { Ok(()) } else { Err(format!("the sandbox refuses {what}: {status} {text}")) }
    }

    /// How many seats are taken in all trainings, as the operator sees it.
    pub async fn seats_taken(&self) -> Outcome<u32> {
        let mut list = Command::new(program("prakerja-central")?);
        list.args(["catalogue", "--data"]).arg(&self.data).arg("list");
        let output = list.output().await.map_err(|error| format!("cannot list the catalogue: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        // Fields of a line: name, method, free or paid, `taken/capacity` (or `-`), title.
        let seats =
            text.lines().filter_map(|line| line.split_whitespace().nth(3)?.split_once('/')?.0.parse::<u32>().ok());
        if output.status.success() && text.contains('/') {
            Ok(seats.sum())
        } else {
            Err("central lists no seats".into())
        }
    }

    /// Waits for the code that central sent to an e-mail address or phone, as the person would in the mailbox.
    pub async fn code_for(&self, to: &str) -> Outcome<String> {
        self.code_after(to, "").await
    }

    /// Waits for another code than the one that came before: a message leaves a moment after it was asked for.
    pub async fn code_after(&self, to: &str, before: &str) -> Outcome<String> {
        let url = format!("{}/sandbox/mailbox.json", self.address);
        let client = reqwest::Client::new();
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        loop {
            let mails: serde_json::Value = client
                .get(&url)
                .query(&[("to", to)])
                .send()
                .await
                .map_err(|error| format!("the sandbox mailbox does not answer: {error}"))?
                .json()
                .await
                .map_err(|error| format!("the sandbox mailbox answers strangely: {error}"))?;
            let newest = mails.get(0).and_then(|mail| mail.get("code")).and_then(|code| code.as_str());
            if let Some(code) = newest.filter(|code| *code != before) {
                return Ok(code.to_owned());
            }
            if tokio::time::Instant::now() > deadline {
                return Err("no code arrived in the sandbox mailbox".into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// A proxy in front of central that can cut the network.
pub struct FaultProxy {
    _child: Child,
    /// Address that the app uses in place of central's.
    pub address: String,
    control: String,
}

impl FaultProxy {
    /// Starts it in front of an address.
    pub async fn start(upstream: &str) -> Outcome<Self> {
        let mut command = Command::new(program("fault-proxy")?);
        command.args(["--listen", "127.0.0.1:0", "--upstream", upstream.trim_start_matches("http://")]);
        let (child, mut said) = start(command, &["listening on ", "control on "]).await?;
        let control = with_scheme(said.remove(1));
        Ok(Self { _child: child, address: with_scheme(said.remove(0)), control })
    }

    /// Sets what happens to traffic: `pass`, `cut`, ...
    pub async fn mode(&self, mode: &str) -> Outcome {
        let answer = reqwest::Client::new()
            .post(format!("{}/mode", self.control))
            .body(mode.to_owned())
            .send()
            .await
            .map_err(|error| format!("the fault proxy does not answer: {error}"))?;
        if answer.status().is_success() { Ok(()) } else { Err(format!("the fault proxy refuses mode {mode}")) }
    }
}

fn with_scheme(address: String) -> String {
    if address.starts_with("http://") { address } else { format!("http://{address}") }
}

/// A browser's driver on a free port. It starts the browser, or the app, and inherits its environment to it.
pub struct Driver {
    _child: Child,
    /// Its address.
    pub address: String,
}

impl Driver {
    /// Starts it by its name, with more of an environment.
    pub async fn start(name: &str, environment: &[(String, String)]) -> Outcome<Self> {
        let port = free_port()?;
        let child = Command::new(name)
            .arg(format!("--port={port}"))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start {name}: {error}"))?;
        let address = format!("http://127.0.0.1:{port}");
        let deadline = tokio::time::Instant::now() + START;
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if tokio::time::Instant::now() > deadline {
                return Err(format!("{name} does not listen"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(Self { _child: child, address })
    }

    /// Opens a browser, or the app, with options under the name that its driver has for them.
    pub async fn browse(&self, name: &str, options: serde_json::Value) -> Outcome<Client> {
        let mut capabilities = serde_json::Map::new();
        capabilities.insert(name.to_owned(), options);
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&self.address).await;
        client.map_err(|error| format!("no window opens: {error}"))
    }
}

/// Starts a program and waits until it has printed a line with each prefix; gives what follows the prefixes.
async fn start(mut command: Command, prefixes: &[&str]) -> Outcome<(Child, Vec<String>)> {
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("cannot start {name}: {error}"))?;
    let output = child.stdout.take().ok_or("no output")?;
    let mut lines = BufReader::new(output).lines();
    let mut said: Vec<Option<String>> = vec![None; prefixes.len()];
    let read = async {
        while said.iter().any(Option::is_none) {
            let Ok(Some(line)) = lines.next_line().await else { return Err(format!("{name} ended early")) };
            for (slot, prefix) in said.iter_mut().zip(prefixes) {
                if let Some(rest) = line.strip_prefix(prefix) {
                    *slot = Some(rest.trim().to_owned());
                }
            }
        }
        Ok(())
    };
    tokio::time::timeout(START, read).await.map_err(|_| format!("{name} does not say that it listens"))??;
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((child, said.into_iter().flatten().collect()))
}

fn free_port() -> Outcome<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}
