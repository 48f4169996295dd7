//! `prakerja-central`: the program around the central API.

mod operator;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use prakerja_central::clock::Clock;
use prakerja_central::config::{Config, Folder};
use prakerja_central::office::cli as office;
use prakerja_central::state::Central;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Every setting with its default and its meaning.
const EXAMPLE: &str = include_str!("../central.example.toml");

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The central API of Prakerja Desktop.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the API until ctrl-c or SIGTERM.
    Serve(Serve),
    /// Prints a configuration file with every setting.
    Config,
    /// Goes on with a database that was put back from a backup: a new epoch begins, and clients replay what they know.
    /// Run it once, while central is stopped (docs/restore.md).
    AcceptRestore(Folder),
    /// Locks and unlocks accounts.
    Account(operator::Account),
    /// Imports and lists the catalogue.
    Catalogue(prakerja_central::catalogue::operator::Arguments),
    /// Makes, changes, opens and closes waves.
    Wave(office::Waves),
    /// Imports lists of the laid off.
    Whitelist(office::Whitelist),
    /// Commits to the draw of a wave, and publishes it (docs/selection.md).
    Selection(office::Selection),
    /// Gives the secret of a wave's blinds to an auditor, and destroys it when objections are over.
    WaveSecret(office::WaveSecrets),
    /// Shows, blocks and unblocks a case by its number, and enters another e-mail address for its account.
    Case(office::Case),
    /// Lists photos of identity cards that wait, and decides about them.
    Photo(office::Photos),
    /// Lists and answers appeals.
    Appeal(office::Appeals),
    /// Makes and revokes operators of the admin API.
    Operator(office::Staff),
    /// Shows and verifies the audit log.
    Audit(office::Audit),
    /// Lists the calls to outside parties that wait, those that fail first, and tests whose result is overdue.
    Errands(Folder),
    /// Recomputes a published selection; anybody can, without a central (docs/selection.md).
    VerifySelection(prakerja_central::verify_selection::Arguments),
}

#[derive(Debug, clap::Args)]
struct Serve {
    /// Address and port; port 0 takes a free one.
    #[arg(long, env = "PRAKERJA_CENTRAL_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of the database and the secrets file.
    #[arg(long, env = "PRAKERJA_CENTRAL_DATA")]
    data: Option<PathBuf>,
    /// Configuration file (TOML); `prakerja-central config` prints one.
    #[arg(long, env = "PRAKERJA_CENTRAL_CONFIG")]
    config: Option<PathBuf>,
    /// Password of the mail server; better here than in the file.
    #[arg(long, env = "PRAKERJA_CENTRAL_SMTP_PASSWORD", hide = true, hide_env_values = true)]
    smtp_password: Option<String>,
    /// Token of the civil registry; better here than in the file.
    #[arg(long, env = "PRAKERJA_CENTRAL_REGISTRY_TOKEN", hide = true, hide_env_values = true)]
    registry_token: Option<String>,
    /// Token of the message service.
    #[arg(long, env = "PRAKERJA_CENTRAL_SMS_TOKEN", hide = true, hide_env_values = true)]
    sms_token: Option<String>,
    /// Token of the provider of face checks.
    #[arg(long, env = "PRAKERJA_CENTRAL_FACE_TOKEN", hide = true, hide_env_values = true)]
    face_token: Option<String>,
    /// Log lines as JSON.
    #[arg(long, env = "PRAKERJA_CENTRAL_LOG_JSON")]
    log_json: bool,
    /// Invented data and a sandbox mailbox instead of real mails.
    #[arg(long)]
    demo: bool,
    /// With --demo: waits take seconds, and waves close, are drawn and published by themselves.
    #[arg(long, requires = "demo")]
    fast: bool,
}

impl Serve {
    /// The file, then what the command line and the environment say.
    fn config(&self) -> Result<Config, Failure> {
        let mut config = self.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        if let (Some(mail), Some(password)) = (&mut config.mail, &self.smtp_password) {
            mail.password = Some(password.clone().into());
        }
        if let (Some(registry), Some(token)) = (&mut config.registry, &self.registry_token) {
            registry.token = Some(token.clone().into());
        }
        if let (Some(sms), Some(token)) = (&mut config.sms, &self.sms_token) {
            sms.token = Some(token.clone().into());
        }
        if let (Some(face), Some(token)) = (&mut config.face, &self.face_token) {
            face.token = Some(token.clone().into());
        }
        config.take_tokens_of_schemes(|name| std::env::var(name).ok());
        (config.demo, config.fast) = (self.demo, self.fast);
        if config.fast {
            // The demo's person does not wait for days.
            config.accounts.reset_phone_age_s = 0;
        }
        if config.mail.is_none() && !config.demo {
            return Err("no mail server is configured ([mail] in the configuration file), so nobody could sign up; \
                        try --demo, or see `prakerja-central config`"
                .into());
        }
        Ok(config)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Arguments::parse().command;
    match &command {
        Command::Serve(arguments) => start_log("info", arguments.log_json),
        // What a command prints is its result; what is wrong is said beside it.
        _ => start_log("warn", false),
    }
    let result = match command {
        Command::Serve(arguments) => serve(arguments).await,
        Command::Config => print(EXAMPLE),
        Command::AcceptRestore(folder) => accept_restore(folder).await,
        Command::Account(arguments) => operator::run(arguments).await,
        Command::Catalogue(arguments) => {
            let mut out = std::io::stdout();
            prakerja_central::catalogue::operator::run(arguments, &mut out).await.map_err(Failure::from)
        }
        Command::Wave(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::Whitelist(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::Selection(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::WaveSecret(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::Case(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::Photo(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::Appeal(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::Operator(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::Audit(command) => command.run(&mut std::io::stdout()).await.map_err(Failure::from),
        Command::Errands(folder) => {
            prakerja_central::errands::operator::run(folder, &mut std::io::stdout()).await.map_err(Failure::from)
        }
        Command::VerifySelection(arguments) => {
            prakerja_central::verify_selection::run(&arguments, &mut std::io::stdout()).map_err(Failure::from)
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("prakerja-central: {}", with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}

fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

async fn accept_restore(folder: Folder) -> Result<(), Failure> {
    let data = folder.path()?;
    let epoch = prakerja_central::sync::accept_restore(&data, Clock::System.now_ms()).await?;
    print(&format!("accepted the database in {}; its new epoch is {epoch}\n", data.display()))
}

async fn serve(arguments: Serve) -> Result<(), Failure> {
    // Before anybody is told that central runs and may end it.
    let stop = asked_to_stop()?;
    let config = arguments.config()?;
    let (demo, hops) = (config.demo, config.limits.trusted_hops);
    let listener = TcpListener::bind(arguments.listen).await?;
    let address = listener.local_addr()?;
    if hops == 0 && !address.ip().is_loopback() {
        tracing::warn!(
            "limits.trusted_hops is 0: behind a proxy everybody would count as one address, and without a proxy nothing is \
             encrypted"
        );
    }
    let central = Central::open(config, Clock::System).await?;
    if demo {
        eprintln!("DEMO: nothing here is real. SANDBOX mailbox: http://{address}/sandbox/mailbox");
    }
    // Whoever started us waits for this line.
    print(&format!("listening on http://{address}\n"))?;
    prakerja_central::serve(central, listener, stop).await;
    Ok(())
}

/// Log lines go to stderr, from `level` on; `RUST_LOG` chooses. A panic is logged with its place only: its text may hold
/// personal data.
fn start_log(level: &str, json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    if json {
        log.json().init();
    } else {
        log.init();
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panic");
    }));
}

/// Ctrl-c, or SIGTERM where there is one. Listens from the call on.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        tracing::info!("stopping");
    })
}

/// Ctrl-c. Listens from the call on.
#[cfg(windows)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupted.recv().await;
        tracing::info!("stopping");
    })
}
