//! What the fault proxy does to traffic, as a value and as text.
//!
//! The text form is what `POST /mode` of the control port takes: settings separated by commas or new lines, each a
//! word and its numbers, always starting from "everything passes":
//!
//! ```text
//! pass | cut | reset | blackhole | portal-html | portal-redirect | portal-511 | bad-gateway
//! round-trip MS | delay-up MS | delay-down MS | rate-up BYTES-PER-SECOND | rate-down BYTES-PER-SECOND
//! cut-up BYTES | cut-down BYTES | half-close BYTES
//! (fail | fail-502 | lose-answer | duplicate) [always | next N | every K | random SHARE SEED] [on PATH-PREFIX]
//! ```

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What happens to traffic. The default passes everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// What happens to every connection. A change of it ends the connections that are open (or freezes them, for
    /// [`Mode::Blackhole`]).
    pub mode: Mode,
    /// From the client to the upstream.
    pub up: Direction,
    /// From the upstream to the client.
    pub down: Direction,
    /// A fault for some HTTP requests.
    pub fault: Option<Fault>,
}

/// What happens to every connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Passes.
    #[default]
    Pass,
    /// Nothing listens: connections are refused. The network is off.
    Cut,
    /// Connections are accepted and reset.
    Reset,
    /// Connections are accepted, bytes vanish.
    Blackhole,
    /// A captive portal answers every HTTP request.
    Portal(Portal),
    /// A front server answers every HTTP request with its own 502 page.
    BadGateway,
}

/// How a captive portal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portal {
    /// 200 with a login page.
    Html,
    /// 302 to the portal's host.
    Redirect,
    /// 511 Network Authentication Required (RFC 6585).
    Required,
}

/// One direction of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Direction {
    /// How long every byte is held back. Throughput stays as it was.
    pub delay: Duration,
    /// Bytes per second that each connection carries; as fast as it goes without.
    pub rate: Option<u64>,
    /// Breaks each connection after so many bytes.
    pub cut: Option<Cut>,
}

/// A break within a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Bytes of this direction that still pass.
    pub after: u64,
    /// How it breaks.
    pub how: CutHow,
}

/// How a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutHow {
    /// Reset.
    Reset,
    /// The direction ends as if its sender had finished; the other direction stays open.
    HalfClose,
}

/// A fault for some HTTP requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// For which requests, counted among those that `path` selects.
    pub when: When,
    /// Only requests whose path begins so.
    pub path: Option<String>,
}

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The connection is reset before the upstream sees the request.
    Fail,
    /// A front server answers 502 with HTML; the upstream does not see the request.
    BadGateway,
    /// Something on the way answers 413 with HTML; the upstream does not see the request.
    TooLarge,
    /// The upstream gets the request and answers; the client's connection is reset instead.
    LoseAnswer,
    /// The upstream gets the request twice, one after the other; the client gets the second answer.
    Duplicate,
}

/// Which requests a fault hits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// Every one.
    Always,
    /// The next so many.
    Next(u32),
    /// All but the first so many.
    After(u32),
    /// Every k-th.
    Every(u32),
    /// Each with this probability, drawn from a seeded sequence.
    Random {
        /// Probability, 0 to 1.
        share: f64,
        /// Seed of the sequence.
        seed: u64,
    },
}

impl Plan {
    /// A plan with nothing but a mode.
    pub fn mode(mode: Mode) -> Self {
        Self { mode, ..Self::default() }
    }

    /// A plan with nothing but a fault on every path.
    pub fn fault(kind: FaultKind, when: When) -> Self {
        Self { fault: Some(Fault { kind, when, path: None }), ..Self::default() }
    }

    /// Limits the fault to paths with a prefix.
    #[must_use]
    pub fn on(mut self, path: &str) -> Self {
        if let Some(fault) = &mut self.fault {
            fault.path = Some(path.to_owned());
        }
        self
    }

    /// Holds back both directions so that an answer takes so much longer.
    #[must_use]
    pub fn round_trip(mut self, time: Duration) -> Self {
        self.up.delay = time / 2;
        self.down.delay = time - time / 2;
        self
    }
}

/// A text that is no plan; says which part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPlan(String);

impl fmt::Display for BadPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a setting of the fault proxy: {}", self.0)
    }
}

impl std::error::Error for BadPlan {}

impl FromStr for Plan {
    type Err = BadPlan;

    fn from_str(text: &str) -> Result<Self, BadPlan> {
        let mut plan = Self::default();
        for setting in text.split([',', '\n']).map(str::trim).filter(|setting| !setting.is_empty()) {
            let words: Vec<&str> = setting.split_whitespace().collect();
            plan.take(&words).ok_or_else(|| BadPlan(setting.to_owned()))?;
        }
        Ok(plan)
    }
}

impl Plan {
    fn take(&mut self, words: &[&str]) -> Option<()> {
        let reset_after = |bytes: &str| Some(Cut { after: bytes.parse().ok()?, how: CutHow::Reset });
        let milliseconds = |number: &str| Some(Duration::from_millis(number.parse().ok()?));
        match words {
            ["pass"] => self.mode = Mode::Pass,
            ["cut"] => self.mode = Mode::Cut,
            ["reset"] => self.mode = Mode::Reset,
            ["blackhole"] => self.mode = Mode::Blackhole,
            ["portal-html"] => self.mode = Mode::Portal(Portal::Html),
            ["portal-redirect"] => self.mode = Mode::Portal(Portal::Redirect),
            ["portal-511"] => self.mode = Mode::Portal(Portal::Required),
            ["bad-gateway"] => self.mode = Mode::BadGateway,
            ["round-trip", time] => *self = self.clone().round_trip(milliseconds(time)?),
            ["delay-up", time] => self.up.delay = milliseconds(time)?,
            ["delay-down", time] => self.down.delay = milliseconds(time)?,
            ["rate-up", bytes] => self.up.rate = Some(rate(bytes)?),
            ["rate-down", bytes] => self.down.rate = Some(rate(bytes)?),
            ["cut-up", bytes] => self.up.cut = Some(reset_after(bytes)?),
            ["cut-down", bytes] => self.down.cut = Some(reset_after(bytes)?),
            ["half-close", bytes] => {
                self.down.cut = Some(Cut { after: bytes.parse().ok()?, how: CutHow::HalfClose });
            }
            [kind, rest @ ..] => self.fault = Some(fault(kind, rest)?),
            [] => return None,
        }
        Some(())
    }
}

fn rate(bytes: &str) -> Option<u64> {
    bytes.parse().ok().filter(|bytes| *bytes > 0)
}

fn fault(kind: &str, rest: &[&str]) -> Option<Fault> {
    let kind = match kind {
        "fail" => FaultKind::Fail,
        "fail-502" => FaultKind::BadGateway,
        "fail-413" => FaultKind::TooLarge,
        "lose-answer" => FaultKind::LoseAnswer,
        "duplicate" => FaultKind::Duplicate,
        _ => return None,
    };
    let (rest, path) = match rest {
        [rest @ .., "on", path] => (rest, Some((*path).to_owned())),
        rest => (rest, None),
    };
    let when = match rest {
        [] | ["always"] => When::Always,
        ["next", count] => When::Next(count.parse().ok()?),
        ["after", count] => When::After(count.parse().ok()?),
        ["every", count] => When::Every(count.parse().ok().filter(|count| *count > 0)?),
        ["random", share, seed] => When::Random {
            share: share.parse().ok().filter(|share| (0.0..=1.0).contains(share))?,
            seed: seed.parse().ok()?,
        },
        _ => return None,
    };
    Some(Fault { kind, when, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_understood() {
        let cases: &[(&str, Plan)] = &[
            ("", Plan::default()),
            ("pass", Plan::default()),
            ("cut", Plan::mode(Mode::Cut)),
            ("reset\n", Plan::mode(Mode::Reset)),
            ("blackhole", Plan::mode(Mode::Blackhole)),
            ("portal-html", Plan::mode(Mode::Portal(Portal::Html))),
            ("portal-redirect", Plan::mode(Mode::Portal(Portal::Redirect))),
            ("portal-511", Plan::mode(Mode::Portal(Portal::Required))),
            ("bad-gateway", Plan::mode(Mode::BadGateway)),
            ("round-trip 301", Plan::default().round_trip(Duration::from_millis(301))),
            ("fail every 3", Plan::fault(FaultKind::Fail, When::Every(3))),
            ("lose-answer next 1 on /v1/sync", Plan::fault(FaultKind::LoseAnswer, When::Next(1)).on("/v1/sync")),
            ("fail-413 after 2", Plan::fault(FaultKind::TooLarge, When::After(2))),
            ("duplicate on /v1", Plan::fault(FaultKind::Duplicate, When::Always).on("/v1")),
            ("fail-502 random 0.3 42", Plan::fault(FaultKind::BadGateway, When::Random { share: 0.3, seed: 42 })),
        ];
        for (text, plan) in cases {
            assert_eq!(text.parse::<Plan>().as_ref(), Ok(plan), "{text}");
        }
    }

    #[test]
    fn settings_add_up() {
        let plan: Plan =
            "delay-up 10, delay-down 20\nrate-up 1000, cut-up 5, half-close 7, fail always".parse().unwrap();
        assert_eq!(
            plan.up,
            Direction {
                delay: Duration::from_millis(10),
                rate: Some(1_000),
                cut: Some(Cut { after: 5, how: CutHow::Reset })
            }
        );
        assert_eq!(
            plan.down,
            Direction {
                delay: Duration::from_millis(20),
                rate: None,
                cut: Some(Cut { after: 7, how: CutHow::HalfClose })
            }
        );
        assert_eq!(plan.fault.map(|fault| fault.when), Some(When::Always));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "rate-up 0",
            "on",
            "delay-up",
            "round-trip x",
            "fail every 0",
            "fail random 2 1",
            "fail sometimes",
            "cut-up -1",
        ] {
            assert!(text.parse::<Plan>().is_err(), "{text}");
        }
    }
}
