//! Stages 1 to 5: can central be reached from here, and if not, what is in the way?

use std::net::SocketAddr;
use std::time::Duration;

use prakerja_protocol::probe::{Load, Probe};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::api::{Answer, Api, is_too_old};
use crate::names::NameError;
use crate::portal::{self, Finding, Look};
use crate::reach::{self, ReachError};
use crate::secure::{Tls, TlsTrouble};
use crate::stage::{Stage, StageReport, StageState};
use crate::target::{Options, Target};
use crate::verdict::{TimeFacts, Verdict, clock_is_off, date_or_certificate};

/// How often a name is looked up before the look-up has failed.
const NAME_TRIES: u32 = 2;
/// How often a handshake or a first question that breaks off is tried. One reset is what every shaky line has; only
/// when all of them end is somebody ending them.
pub(crate) const TRIES: u32 = 3;

/// Who hears of stages.
pub(crate) type Listener<'a> = dyn FnMut(StageReport) + Send + 'a;

/// Central answers here.
pub(crate) struct Line {
    pub(crate) api: Api,
    pub(crate) probe: Probe,
    pub(crate) skew_ms: i64,
    /// Where new connections go; empty through a proxy.
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) tls: Option<Tls>,
}

/// The check ends here.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) verdict: Verdict,
    pub(crate) probe: Option<Box<Probe>>,
    pub(crate) skew_ms: Option<i64>,
}

impl From<Verdict> for Stop {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, probe: None, skew_ms: None }
    }
}

/// What went wrong before the portal stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Reach(ReachError),
    Tls(TlsTrouble),
    NotOurs(u16),
    NoAnswer,
}

/// What else is known when something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Facts {
    look: Look,
    secure: bool,
    loopback: bool,
    has_route: bool,
    /// A public name that led to a private address.
    private_answer: bool,
    time: TimeFacts,
}

/// Runs the stages in order.
pub(crate) async fn diagnose(target: &Target, options: &Options, on: &mut Listener<'_>) -> Result<Line, Stop> {
    let mut walk = Walk { target, options, on, addresses: Vec::new(), tls: None };
    match walk.reach_central().await {
        Ok(line) => Ok(line),
        Err(Blocked::Known(stop)) => Err(*stop),
        Err(Blocked::By(trouble)) => Err(walk.explain(trouble).await.into()),
    }
}

enum Blocked {
    /// There is nothing more to find out.
    Known(Box<Stop>),
    /// Something is in the way; perhaps a portal.
    By(Trouble),
}

impl From<Verdict> for Blocked {
    fn from(verdict: Verdict) -> Self {
        Self::Known(Box::new(verdict.into()))
    }
}

impl From<Trouble> for Blocked {
    fn from(trouble: Trouble) -> Self {
        Self::By(trouble)
    }
}

struct Walk<'a, 'b> {
    target: &'a Target,
    options: &'a Options,
    on: &'a mut Listener<'b>,
    /// Central's addresses; none when the way goes through a proxy.
    addresses: Vec<SocketAddr>,
    tls: Option<Tls>,
}

impl Walk<'_, '_> {
    fn begin(&mut self, stage: Stage) -> Instant {
        (self.on)(StageReport::new(stage, StageState::Running));
        Instant::now()
    }

    fn end(&mut self, stage: Stage, begun: Instant, state: StageState, fact: Option<String>) {
        (self.on)(StageReport { fact, ..StageReport::new(stage, state).took(begun.elapsed()) });
    }

    fn skip(&mut self, stage: Stage, fact: &str) {
        (self.on)(StageReport::new(stage, StageState::Skipped).with_fact(fact));
    }

    async fn reach_central(&mut self) -> Result<Line, Blocked> {
        let proxy = reach::proxy_for(self.target, self.options);
        let (stream, secure) = match &proxy {
            None => {
                self.addresses = self.name().await?;
                (Some(self.reach(&self.addresses.clone(), None).await?), self.target.is_secure())
            }
            Some((host, port)) => {
                self.skip(Stage::Name, "proxy");
                let addresses = look_up(self.options, host, *port).await.unwrap_or_default();
                self.reach(&addresses, Some("proxy")).await?;
                (None, self.target.is_secure())
            }
        };
        if secure {
            let tls = Tls::new(self.options);
            match (tls, stream) {
                (Err(_), _) => {
                    let begun = self.begin(Stage::Secure);
                    self.end(Stage::Secure, begun, StageState::Failed, None);
                    return Err(Trouble::Tls(TlsTrouble::NoAuthorities).into());
                }
                (Ok(tls), Some(stream)) => {
                    self.tls = Some(tls.clone());
                    self.secure(&tls, stream).await?;
                }
                (Ok(tls), None) => {
                    self.tls = Some(tls);
                    self.skip(Stage::Secure, "proxy");
                }
            }
        } else {
            self.skip(Stage::Secure, "loopback");
        }
        self.api().await
    }

    async fn name(&mut self) -> Result<Vec<SocketAddr>, Blocked> {
        let (host, port) = (self.target.host().to_owned(), self.target.port());
        if let Some(address) = self.target.address() {
            self.skip(Stage::Name, &host);
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let begun = self.begin(Stage::Name);
        let found = look_up(self.options, &host, port).await;
        let state = if found.is_ok() { StageState::Passed } else { StageState::Failed };
        self.end(Stage::Name, begun, state, Some(host));
        found.map_err(|_| name_verdict(self.options.names.has_route()).into())
    }

    async fn reach(&mut self, addresses: &[SocketAddr], fact: Option<&str>) -> Result<TcpStream, Blocked> {
        let begun = self.begin(Stage::Reach);
        let limits = &self.options.limits;
        match reach::connect(addresses, limits.stagger, limits.reach).await {
            Ok((stream, address)) => {
                let fact = fact.unwrap_or_else(|| reach::family(address)).to_owned();
                self.end(Stage::Reach, begun, StageState::Passed, Some(fact));
                Ok(stream)
            }
            Err(error) => {
                self.end(Stage::Reach, begun, StageState::Failed, fact.map(str::to_owned));
                Err(Trouble::Reach(error).into())
            }
        }
    }

    async fn secure(&mut self, tls: &Tls, stream: TcpStream) -> Result<(), Blocked> {
        let begun = self.begin(Stage::Secure);
        let result = handshake(tls, stream, self.target, self.options, &self.addresses).await;
        let state = if result.is_ok() { StageState::Passed } else { StageState::Failed };
        self.end(Stage::Secure, begun, state, tls.certificate().and_then(|seen| seen.issuer));
        result.map_err(Blocked::from)
    }

    async fn api(&mut self) -> Result<Line, Blocked> {
        let begun = self.begin(Stage::Api);
        let api = Api::new(self.target, self.options, &self.addresses, self.tls.clone())
            .map_err(|_| Blocked::from(Trouble::NoAnswer));
        let api = match api {
            Ok(api) => api,
            Err(blocked) => {
                self.end(Stage::Api, begun, StageState::Failed, None);
                return Err(blocked);
            }
        };
        let (answer, time) = api.first_probe(&self.options.limits).await;
        let status = |status: u16| Some(format!("http {status}"));
        let (blocked, fact): (Blocked, _) = match answer {
            Answer::Probe(probe) => return self.answered(api, *probe, begun, time),
            Answer::TooOld => (Verdict::TooOld.into(), None),
            Answer::Busy => (Verdict::ServerBusy.into(), None),
            Answer::Down(code) => (Verdict::ServerDown.into(), status(code)),
            Answer::NotOurs(code) => (Trouble::NotOurs(code).into(), status(code)),
            Answer::Nothing => (Trouble::NoAnswer.into(), None),
            Answer::Tls(trouble) => (Trouble::Tls(trouble).into(), None),
        };
        self.end(Stage::Api, begun, StageState::Failed, fact);
        Err(blocked)
    }

    fn answered(&mut self, api: Api, probe: Probe, begun: Instant, time: Duration) -> Result<Line, Blocked> {
        let (skew_ms, verdict) = objection(self.options, &probe, time);
        let state = if verdict.is_none() { StageState::Passed } else { StageState::Failed };
        self.end(Stage::Api, begun, state, None);
        match verdict {
            Some(verdict) => {
                Err(Blocked::Known(Box::new(Stop { verdict, probe: Some(Box::new(probe)), skew_ms: Some(skew_ms) })))
            }
            None => Ok(Line { api, probe, skew_ms, addresses: self.addresses.clone(), tls: self.tls.clone() }),
        }
    }

    async fn explain(&mut self, trouble: Trouble) -> Verdict {
        let begun = self.begin(Stage::Portal);
        let look = portal::look(self.target, self.options, &self.addresses).await;
        let state = if look.finding == Finding::Portal { StageState::Failed } else { StageState::Passed };
        self.end(Stage::Portal, begun, state, look.status.map(|status| format!("http {status}")));
        let facts = Facts {
            look,
            secure: self.target.is_secure(),
            loopback: self.target.is_loopback(),
            has_route: self.options.names.has_route(),
            private_answer: self.target.address().is_none()
                && !self.target.is_loopback()
                && self.addresses.iter().any(|address| reach::is_private(address.ip())),
            time: TimeFacts {
                now: self.options.now_ms(),
                known_after: self.options.known_after_ms,
                hint: look.date_ms,
                not_before: self.tls.as_ref().and_then(Tls::certificate).map(|seen| seen.not_before_ms),
            },
        };
        verdict_of(trouble, facts)
    }
}

/// What a genuine answer says against going on, with this computer's clock minus central's in milliseconds.
pub(crate) fn objection(options: &Options, probe: &Probe, time: Duration) -> (i64, Option<Verdict>) {
    // The server read its clock half a round trip ago.
    let half = i64::try_from(time.as_millis() / 2).unwrap_or(0);
    let skew_ms = options.now_ms() - half - probe.server_ms;
    let verdict = if is_too_old(&options.app_version, &probe.min_version) {
        Some(Verdict::TooOld)
    } else if clock_is_off(skew_ms) {
        Some(Verdict::ClockWrong)
    } else if probe.load == Load::Full {
        Some(Verdict::ServerBusy)
    } else {
        None
    };
    (skew_ms, verdict)
}

/// The handshake; on a new connection when the one before ended within it.
async fn handshake(
    tls: &Tls,
    mut stream: TcpStream,
    target: &Target,
    options: &Options,
    addresses: &[SocketAddr],
) -> Result<(), Trouble> {
    let limits = &options.limits;
    let mut tries = 1;
    loop {
        match tls.handshake(target.host(), stream, limits.secure).await {
            Ok(_) => return Ok(()),
            Err(TlsTrouble::Ended) if tries < TRIES => {}
            Err(trouble) => return Err(Trouble::Tls(trouble)),
        }
        tries += 1;
        sleep(limits.again).await;
        let again = reach::connect(addresses, limits.stagger, limits.reach).await;
        stream = again.map_err(Trouble::Reach)?.0;
    }
}

async fn look_up(options: &Options, host: &str, port: u16) -> Result<Vec<SocketAddr>, NameError> {
    if let Ok(address) = host.parse() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let mut result = Err(NameError::Failed);
    for _ in 0..NAME_TRIES {
        result = match timeout(options.limits.name, options.names.look_up(host.to_owned())).await {
            Ok(result) => result,
            Err(_) => Err(NameError::Failed),
        };
        // "There is no such name" is an answer; asking again does not change it.
        if !matches!(result, Err(NameError::Failed)) {
            break;
        }
    }
    result.map(|found| found.into_iter().map(|address| SocketAddr::new(address, port)).collect())
}

/// Systems without any network say "no such name" as well, and a name service can fail on a network that works, so that
/// a way out decides and not the error.
fn name_verdict(has_route: bool) -> Verdict {
    if has_route { Verdict::NameNotFound } else { Verdict::Offline }
}

fn verdict_of(trouble: Trouble, facts: Facts) -> Verdict {
    let clear = facts.look.finding == Finding::Clear;
    if facts.look.finding == Finding::Portal {
        return Verdict::Portal;
    }
    match trouble {
        // What this computer knows of its ways out may be wrong; an answer of central's host over plain http is not.
        Trouble::Reach(_) | Trouble::NoAnswer if !clear && !facts.has_route && !facts.loopback => Verdict::Offline,
        Trouble::Reach(_) | Trouble::NoAnswer => Verdict::ServerUnreachable,
        Trouble::Tls(TlsTrouble::Time) => date_or_certificate(facts.time),
        Trouble::Tls(TlsTrouble::NoAuthorities) => Verdict::TlsBlocked,
        // A portal that answers every name itself cannot show central's certificate.
        Trouble::Tls(TlsTrouble::Untrusted | TlsTrouble::Protocol) if facts.private_answer && !clear => Verdict::Portal,
        Trouble::Tls(TlsTrouble::Untrusted | TlsTrouble::Protocol) => Verdict::TlsBlocked,
        // Plain http comes through and TLS is cut off: somebody cuts it.
        Trouble::Tls(TlsTrouble::Ended) if clear => Verdict::TlsBlocked,
        // A slow line must not lock anybody out.
        Trouble::Tls(TlsTrouble::Ended | TlsTrouble::Slow) => Verdict::ServerUnreachable,
        Trouble::NotOurs(511) => Verdict::Portal,
        Trouble::NotOurs(500..) => Verdict::ServerDown,
        // Without TLS anybody can answer; with it, it is central's own front.
        Trouble::NotOurs(200..=399) if !facts.secure && !clear => Verdict::Portal,
        Trouble::NotOurs(_) => Verdict::ServerUnreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts = Facts {
        look: Look { finding: Finding::Unknown, status: None, date_ms: None },
        secure: true,
        loopback: false,
        has_route: true,
        private_answer: false,
        time: TimeFacts { now: 1_800_000_000_000, known_after: None, hint: None, not_before: None },
    };

    fn found(finding: Finding) -> Facts {
        Facts { look: Look { finding, ..FACTS.look }, ..FACTS }
    }

    #[test]
    fn what_is_in_the_way() {
        use TlsTrouble::{Ended, NoAuthorities, Protocol, Slow, Time, Untrusted};
        let no_route = Facts { has_route: false, ..FACTS };
        let no_route_but_clear = Facts { has_route: false, ..found(Finding::Clear) };
        let plain = Facts { secure: false, loopback: true, has_route: false, ..FACTS };
        let private = Facts { private_answer: true, ..FACTS };
        let private_but_clear = Facts { private_answer: true, ..found(Finding::Clear) };
        let behind = Facts { time: TimeFacts { known_after: Some(1_900_000_000_000), ..FACTS.time }, ..FACTS };
        let rows = [
            (Trouble::Reach(ReachError::Refused), FACTS, Verdict::ServerUnreachable),
            (Trouble::Reach(ReachError::Silence), FACTS, Verdict::ServerUnreachable),
            // No way to central's (only) address and yet a way out: an address of the other family, perhaps.
            (Trouble::Reach(ReachError::NoRoute), FACTS, Verdict::ServerUnreachable),
            (Trouble::Reach(ReachError::NoRoute), no_route, Verdict::Offline),
            (Trouble::Reach(ReachError::NoRoute), no_route_but_clear, Verdict::ServerUnreachable),
            (Trouble::Reach(ReachError::Silence), no_route, Verdict::Offline),
            (Trouble::Reach(ReachError::Silence), no_route_but_clear, Verdict::ServerUnreachable),
            (Trouble::Reach(ReachError::Refused), plain, Verdict::ServerUnreachable),
            (Trouble::Reach(ReachError::Silence), found(Finding::Portal), Verdict::Portal),
            (Trouble::Reach(ReachError::Silence), found(Finding::Clear), Verdict::ServerUnreachable),
            (Trouble::Tls(Untrusted), FACTS, Verdict::TlsBlocked),
            (Trouble::Tls(Untrusted), found(Finding::Portal), Verdict::Portal),
            (Trouble::Tls(Untrusted), private, Verdict::Portal),
            (Trouble::Tls(Protocol), private, Verdict::Portal),
            (Trouble::Tls(Untrusted), private_but_clear, Verdict::TlsBlocked),
            (Trouble::Tls(Ended), private, Verdict::ServerUnreachable),
            (Trouble::Tls(Slow), private, Verdict::ServerUnreachable),
            (Trouble::Tls(Protocol), FACTS, Verdict::TlsBlocked),
            (Trouble::Tls(NoAuthorities), private, Verdict::TlsBlocked),
            (Trouble::Tls(Ended), found(Finding::Clear), Verdict::TlsBlocked),
            (Trouble::Tls(Ended), FACTS, Verdict::ServerUnreachable),
            (Trouble::Tls(Slow), found(Finding::Clear), Verdict::ServerUnreachable),
            (Trouble::Tls(Time), FACTS, Verdict::TlsBlocked),
            (Trouble::Tls(Time), behind, Verdict::ClockWrong),
            (Trouble::Tls(Time), found(Finding::Portal), Verdict::Portal),
            (Trouble::NotOurs(511), found(Finding::Clear), Verdict::Portal),
            (Trouble::NotOurs(502), FACTS, Verdict::ServerDown),
            (Trouble::NotOurs(502), found(Finding::Portal), Verdict::Portal),
            (Trouble::NotOurs(200), plain, Verdict::Portal),
            (Trouble::NotOurs(302), plain, Verdict::Portal),
            (Trouble::NotOurs(200), found(Finding::Clear), Verdict::ServerUnreachable),
            (Trouble::NotOurs(200), FACTS, Verdict::ServerUnreachable),
            (Trouble::NotOurs(404), FACTS, Verdict::ServerUnreachable),
            (Trouble::NoAnswer, FACTS, Verdict::ServerUnreachable),
            (Trouble::NoAnswer, no_route, Verdict::Offline),
        ];
        for (trouble, facts, verdict) in rows {
            assert_eq!(verdict_of(trouble, facts), verdict, "{trouble:?} {facts:?}");
        }
    }

    #[test]
    fn a_missing_name_needs_a_network_to_be_believed() {
        assert_eq!(name_verdict(true), Verdict::NameNotFound);
        assert_eq!(name_verdict(false), Verdict::Offline);
    }
}
