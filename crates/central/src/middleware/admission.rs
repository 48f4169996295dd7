//! How much central works on at the same time. What is too much is refused at once, before any work on the database,
//! with an honest time to come back.
//!
//! Each class of request has its own places, so that a rush of pulls cannot keep anybody from sending work. Atomics only.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prakerja_protocol::header;
use prakerja_protocol::probe::{Load, SINK_PATH};

use super::body::{self, Buffered, PHONE_PAGE};
use super::rate::ClientAddress;
use super::sender::{self, Asked};
use crate::config;
use crate::error::ApiError;
use crate::state::Central;

/// Above this share of its places a class asks its clients to slow down.
const HIGH_PERCENT: usize = 60;
/// Counting window for the time to come back.
const WINDOW: Duration = Duration::from_secs(10);

/// Kinds of request, in the order in which they are shed (the first has the fewest places).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Snapshots, the catalogue, photos: they come after everybody's commands.
    Bulk,
    /// Photos that are whole and wait to be looked at, a few at a time: they keep nobody from the catalogue.
    Judging,
    /// Pulls and look-ups.
    Pull,
    /// Pulls that wait for news: they hold a place for long and cost nothing meanwhile.
    WaitingPull,
    /// Pushes.
    Push,
    /// Accounts and sessions.
    Account,
}

impl Class {
    /// The class of a request; none for what is always answered (the connection check, the sandbox page).
    pub fn of(request: &Request) -> Option<Self> {
        let path = request.uri().path();
        // Read as the handler reads it, escapes and all.
        let waits = || {
            let mut pairs = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
            pairs.any(|(name, value)| name == "wait" && value.parse().is_ok_and(|wait: u64| wait > 0))
        };
        if path.starts_with(PHONE_PAGE) {
            return Some(if request.method() == Method::POST { Self::Judging } else { Self::Bulk });
        }
        match path.strip_prefix("/v1/")? {
            rest if rest.starts_with("health/") => None,
            rest if rest.starts_with("catalogue") || rest.starts_with("waves/") || rest == "sync/snapshot" => {
                Some(Self::Bulk)
            }
            rest if rest.starts_with("uploads/") && rest.ends_with("/complete") => Some(Self::Judging),
            rest if rest.starts_with("uploads/") || rest.starts_with("documents/") => Some(Self::Bulk),
            "sync/pull" if waits() => Some(Self::WaitingPull),
            "sync/push" => Some(Self::Push),
            rest if rest.starts_with("sync/") => Some(Self::Pull),
            _ => Some(Self::Account),
        }
    }
}

/// Places of all classes.
#[derive(Debug)]
pub struct AdmissionControl {
    started: Instant,
    slow_start: Duration,
    classes: [Arc<Places>; 6],
    /// For bodies on their way: their requests have no place yet.
    bodies: body::Memory,
    /// For photos on their way from phones: they are large and slow, and must not stand in the way of anybody's work.
    photos: body::Memory,
}

/// Places of one class.
#[derive(Debug)]
struct Places {
    capacity: usize,
    taken: AtomicUsize,
    /// Number of the present window, served and refused in it, and served in the one before.
    window: AtomicU64,
    served: AtomicU64,
    refused: AtomicU64,
    served_before: AtomicU64,
}

/// A taken place; given back when dropped.
#[derive(Debug)]
pub struct Place(Arc<Places>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::AcqRel);
        self.0.served.fetch_add(1, Ordering::Relaxed);
    }
}

impl AdmissionControl {
    /// Places as the operator set them.
    pub fn new(limits: &config::Limits) -> Self {
        let config = &limits.admission;
        let places = |capacity: usize| {
            Arc::new(Places {
                capacity: capacity.max(1),
                taken: AtomicUsize::new(0),
                window: AtomicU64::new(0),
                served: AtomicU64::new(0),
                refused: AtomicU64::new(0),
                served_before: AtomicU64::new(0),
            })
        };
        Self {
            started: Instant::now(),
            slow_start: Duration::from_secs(config.slow_start_s),
            // In the order of `Class`.
            classes: [config.bulk, config.judging, config.pull, config.waiting_pull, config.push, config.account]
                .map(places),
            bodies: body::Memory::new(limits.body_memory_bytes),
            photos: body::Memory::new(limits.photo_memory_bytes),
        }
    }

    fn places(&self, class: Class) -> &Arc<Places> {
        &self.classes[class as usize]
    }

    /// Capacity at this moment: after a start it grows from a quarter to the whole (fault 36).
    fn capacity(&self, class: Class) -> usize {
        let whole = self.places(class).capacity;
        let since = self.started.elapsed();
        if since >= self.slow_start {
            return whole;
        }
        let share = 0.25 + 0.75 * since.as_secs_f64() / self.slow_start.as_secs_f64();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share"
        )]
        let part = (whole as f64 * share).ceil() as usize;
        part.clamp(1, whole)
    }

    /// Takes a place.
    ///
    /// # Errors
    /// `busy` with the time to come back.
    pub fn enter(&self, class: Class) -> Result<Place, ApiError> {
        let places = self.places(class);
        let capacity = self.capacity(class);
        let taken =
            places.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < capacity).then_some(n + 1)).is_ok();
        if taken { Ok(Place(places.clone())) } else { Err(ApiError::busy(self.wait_ms(places))) }
    }

    /// Refuses when no place is free, without taking one.
    fn look(&self, class: Class) -> Result<(), ApiError> {
        let places = self.places(class);
        if places.taken.load(Ordering::Acquire) < self.capacity(class) {
            Ok(())
        } else {
            Err(ApiError::busy(self.wait_ms(places)))
        }
    }

    /// Backlog divided by speed: those refused lately will all come back, and are served as fast as others lately were.
    fn wait_ms(&self, places: &Places) -> u64 {
        let now = self.started.elapsed().as_secs() / WINDOW.as_secs();
        let before = places.window.swap(now, Ordering::AcqRel);
        if before != now {
            let served = places.served.swap(0, Ordering::AcqRel);
            places.served_before.store(if now == before + 1 { served } else { 0 }, Ordering::Release);
            places.refused.store(0, Ordering::Release);
        }
        let backlog = places.refused.fetch_add(1, Ordering::AcqRel) + 1;
        let served = places.served_before.load(Ordering::Acquire).max(places.served.load(Ordering::Acquire));
        let window_ms = u64::try_from(WINDOW.as_millis()).unwrap_or(u64::MAX);
        (backlog * window_ms / served.max(places.capacity as u64).max(1)).clamp(2_000, 120_000)
    }

    fn is_high(&self, class: Class) -> bool {
        self.places(class).taken.load(Ordering::Relaxed) * 100 > self.capacity(class) * HIGH_PERCENT
    }

    /// How busy central is, for the probe: by the classes that carry people's work.
    pub fn load(&self) -> Load {
        let classes = [Class::Push, Class::Account, Class::Pull];
        if classes.iter().any(|&class| self.look_only(class)) {
            Load::Full
        } else if classes.iter().any(|&class| self.is_high(class)) {
            Load::High
        } else {
            Load::Normal
        }
    }

    fn look_only(&self, class: Class) -> bool {
        self.places(class).taken.load(Ordering::Relaxed) >= self.capacity(class)
    }
}

/// Lets a request in, or refuses it.
pub(super) async fn admit(State(central): State<Central>, request: Request, next: Next) -> Response {
    let idle = Duration::from_secs(central.config.limits.body_idle_s);
    let Some(class) = Class::of(&request) else {
        return match without_class(&central, request, idle).await {
            Ok(request) => next.run(request).await,
            Err(refused) => refused.into_response(),
        };
    };
    let admission = &central.admission;
    let phone = request.uri().path().starts_with(PHONE_PAGE);
    let asked = match admission.look(class) {
        Ok(()) => sender::ask(&central, request).await,
        Err(full) => Asked::Refused(full.into_response(), request),
    };
    let request = match asked {
        Asked::Known(request) => request,
        Asked::Refused(answer, request) => {
            if phone {
                body::hear_out(&mut request.into_body().into_data_stream(), idle).await;
            }
            return answer;
        }
    };
    let entered = async {
        // A slow link sends its body without holding a place.
        let memory = if phone { &admission.photos } else { &admission.bodies };
        let Buffered(request, memory) = body::buffer(request, idle, memory).await?;
        let place = admission.enter(class)?;
        // From here on the places bound the memory.
        drop(memory);
        Ok::<_, ApiError>((request, place))
    };
    let (request, place) = match entered.await {
        Ok(entered) => entered,
        Err(refused) => return refused.into_response(),
    };
    let high = class != Class::WaitingPull && admission.is_high(class);
    let mut response = next.run(request).await;
    drop(place);
    if high && response.status().is_success() {
        response.headers_mut().insert(header::BACKOFF, HeaderValue::from_static("10"));
    }
    response
}

/// What is always answered needs no body; of the upload test's the bytes are counted and dropped, within its own rate.
async fn without_class(central: &Central, request: Request, idle: Duration) -> Result<Request, ApiError> {
    if request.uri().path() != SINK_PATH {
        return Ok(request.map(|_| Body::empty()));
    }
    if let Some(&ClientAddress(address)) = request.extensions().get::<ClientAddress>() {
        central.rates.sink(address)?;
    }
    body::sink(request, idle).await
}

#[cfg(test)]
mod tests {
    use prakerja_protocol::problem::ProblemCode;

    use super::*;

    fn of(admission: config::Admission) -> AdmissionControl {
        AdmissionControl::new(&config::Limits { admission, ..config::Limits::default() })
    }

    fn control(push: usize) -> AdmissionControl {
        of(config::Admission { push, slow_start_s: 0, ..config::Admission::default() })
    }

    #[test]
    fn paths_have_classes() {
        let cases = [
            ("/v1/health/probe?n=1", None),
            ("/generate_204", None),
            ("/sandbox/mailbox", None),
            ("/v1/catalogue?since=3", Some(Class::Bulk)),
            ("/v1/sync/snapshot", Some(Class::Bulk)),
            ("/v1/sync/pull?cursor=a", Some(Class::Pull)),
            ("/v1/sync/pull?cursor=a&wait=25", Some(Class::WaitingPull)),
            ("/v1/sync/pull?cursor=a&wait=0", Some(Class::Pull)),
            ("/v1/sync/pull?wai%74=2%35", Some(Class::WaitingPull)),
            ("/v1/sync/push", Some(Class::Push)),
            ("/v1/sync/commands/1", Some(Class::Pull)),
            ("/v1/sessions", Some(Class::Account)),
            ("/v1/uploads/1", Some(Class::Bulk)),
            ("/v1/documents/1/preview", Some(Class::Bulk)),
            ("/v1/handovers", Some(Class::Account)),
            ("/h/abc", Some(Class::Bulk)),
        ];
        let judging = [("/v1/uploads/1/complete", Some(Class::Judging)), ("/h/abc", Some(Class::Judging))];
        let with = |method: &Method, cases: &[(&str, Option<Class>)]| {
            for (path, expected) in cases {
                let request = Request::builder().method(method).uri(*path).body(Body::empty()).unwrap();
                assert_eq!(Class::of(&request), *expected, "{method} {path}");
            }
        };
        with(&Method::GET, &cases);
        with(&Method::POST, &judging);
    }

    #[test]
    fn a_full_class_refuses_and_others_do_not() {
        let control = control(2);
        let first = control.enter(Class::Push).unwrap();
        let _second = control.enter(Class::Push).unwrap();
        let ApiError::Problem(problem) = control.enter(Class::Push).unwrap_err() else { panic!("no problem") };
        assert_eq!((problem.code, problem.status), (ProblemCode::Busy, 503));
        assert!(problem.retry_after_ms.unwrap() >= 2_000);
        assert_eq!(control.load(), Load::Full);
        assert!(control.enter(Class::Account).is_ok());
        drop(first);
        assert!(control.enter(Class::Push).is_ok());
    }

    #[test]
    fn the_wait_grows_with_the_backlog() {
        let control = control(1);
        let _place = control.enter(Class::Push).unwrap();
        let waits: Vec<u64> = (0..20)
            .map(|_| match control.enter(Class::Push) {
                Err(ApiError::Problem(problem)) => problem.retry_after_ms.unwrap(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(waits.is_sorted(), "{waits:?}");
        assert!(waits[19] > waits[0], "{waits:?}");
        assert!(waits[19] <= 120_000);
    }

    #[test]
    fn after_a_start_a_quarter_is_let_in() {
        let slow = config::Admission { push: 100, slow_start_s: 3_600, ..config::Admission::default() };
        let control = of(slow);
        let places: Vec<_> = (0..100).map_while(|_| control.enter(Class::Push).ok()).collect();
        assert!((25..=26).contains(&places.len()), "{}", places.len());
    }
}
