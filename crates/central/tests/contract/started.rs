//! A central that serves on a free port, and people who talk to it.

use std::path::Path;
use std::sync::{LazyLock, Mutex};

use prakerja_central::catalogue::{CatalogueFile, schedule_id};
use prakerja_central::clock::Clock;
use prakerja_central::config::Config;
use prakerja_central::db::Id;
use prakerja_central::demo;
use prakerja_central::state::{Central, StartError};
use prakerja_domain::profile::ProfileField;
use prakerja_protocol::problem::Problem;
use prakerja_protocol::sync::{
    ClockEvidence, Command, CommandEnvelope, CommandResult, CommandVoid, EnrolmentCancel, EnrolmentRequest, Page,
    ProfilePatch, Push, Pushed, SnapshotPage,
};
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The time on central's clock when a test begins: 23 November 2026, 12.00 WIB.
pub(crate) const NOW: i64 = 1_795_410_000_000;

pub(crate) struct Started {
    pub(crate) central: Central,
    pub(crate) base: String,
    pub(crate) folder: TempDir,
    http: reqwest::Client,
    stop: CancellationToken,
    serving: Mutex<Option<JoinHandle<()>>>,
}

pub(crate) fn config(data: &Path) -> Config {
    let mut config = Config { data: data.to_owned(), demo: true, ..Config::default() };
    // Many people behind one address; the limits have tests of their own.
    config.limits.address_per_minute = 1_000_000;
    config.limits.account_per_minute = 100_000;
    config.limits.admission.slow_start_s = 0;
    // How old a phone must be has a test of its own.
    config.accounts.reset_phone_age_s = 0;
    config
}

impl Started {
    /// With demo data on SQLite in a new folder.
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        Self::open(folder, config).await.unwrap()
    }

    pub(crate) async fn open(folder: TempDir, config: Config) -> Result<Self, StartError> {
        let central = Central::open(config, Clock::fake(NOW)).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let (served, stopped) = (central.clone(), stop.clone());
        let serving = tokio::spawn(async move {
            let () = prakerja_central::serve(served, listener, stopped.cancelled_owned()).await;
        });
        let http = reqwest::Client::builder().no_gzip().no_zstd().build().unwrap();
        Ok(Self { central, base, folder, http, stop, serving: Mutex::new(Some(serving)) })
    }

    /// Begins to stop; requests that are open are answered.
    pub(crate) fn begin_stop(&self) {
        self.stop.cancel();
    }

    /// Stops and waits for the end.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        let serving = self.serving.lock().unwrap().take();
        if let Some(serving) = serving {
            serving.await.unwrap();
        }
    }

    /// A person with an account and a session on a new device. (Sign-up itself has tests of its own.)
    pub(crate) async fn person(&self) -> Person {
        let id = Uuid::new_v4();
        let mut tx = self.central.db.begin().await.unwrap();
        sqlx::query(
            "insert into person (id, email, password_file, stretch_memory_kib, stretch_passes, stretch_lanes, created_at)
             values ($1, $2, $3, 1, 1, 1, $4)",
        )
        .bind(Id(id))
        .bind(format!("{id}@example.test"))
        .bind(Vec::new())
        .bind(NOW)
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        self.device_of(id).await
    }

    /// Another device of the same person.
    pub(crate) async fn device_of(&self, person: Uuid) -> Person {
        self.device_on(&self.central, &self.base, person).await
    }

    /// Another device of the same person, at another central on the same data.
    pub(crate) async fn device_on(&self, central: &Central, base: &str, person: Uuid) -> Person {
        let (device, token) = (Uuid::new_v4(), Uuid::new_v4().to_string());
        let now = central.clock.now_ms();
        let mut tx = central.db.begin().await.unwrap();
        sqlx::query(
            "insert into session (id, person_id, device_id, device_name, access_hash, access_expires_at, refreshed_at,
                                  created_at)
             values ($1, $2, $3, 'Komputer uji', $4, $5, $6, $6)",
        )
        .bind(Id(Uuid::new_v4()))
        .bind(Id(person))
        .bind(Id(device))
        .bind(Sha256::digest(token.as_bytes()).to_vec())
        .bind(now * 2)
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        Person { id: person, device, token, base: base.to_owned(), http: self.http.clone() }
    }

    /// `GET` without a session.
    pub(crate) fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(format!("{}{path}", self.base))
    }

    /// Seats taken of a schedule, as the database says.
    pub(crate) async fn taken(&self, schedule: Uuid) -> i64 {
        let (taken,): (i64,) = sqlx::query_as("select taken from schedule where id = $1")
            .bind(Id(schedule))
            .fetch_one(self.central.db.read())
            .await
            .unwrap();
        taken
    }
}

/// Central, started once more on the folder of one that has stopped.
pub(crate) struct Again {
    pub(crate) central: Central,
    pub(crate) base: String,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Again {
    pub(crate) async fn start(data: &Path, now: i64) -> Self {
        let central = Central::open(config(data), Clock::fake(now)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let serving = tokio::spawn(prakerja_central::serve(central.clone(), listener, stop.clone().cancelled_owned()));
        Self { central, base, stop, serving }
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.serving.await.unwrap();
    }
}

/// Somebody on one device.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: Uuid,
    pub(crate) device: Uuid,
    pub(crate) token: String,
    base: String,
    pub(crate) http: reqwest::Client,
}

#[allow(dead_code, reason = "several test programs share this file, each uses its own part")]
impl Person {
    /// The same person, talking to another address.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    pub(crate) fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    /// A `POST` to any path.
    pub(crate) fn post_to(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.post(format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    /// Any request with the person's session.
    pub(crate) fn ask(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    pub(crate) async fn post(&self, body: impl Into<reqwest::Body>) -> reqwest::Response {
        self.http
            .post(format!("{}/v1/sync/push", self.base))
            .bearer_auth(&self.token)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    pub(crate) fn batch(&self, commands: &[CommandEnvelope]) -> Push {
        Push { device: self.device, epoch: None, batch: Uuid::now_v7(), commands: commands.to_vec() }
    }

    pub(crate) async fn push_all(&self, commands: &[CommandEnvelope]) -> Pushed {
        let response = self.post(serde_json::to_vec(&self.batch(commands)).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{}", response.text().await.unwrap());
        let pushed: Pushed = response.json().await.unwrap();
        let ids: Vec<Uuid> = commands.iter().map(|command| command.id).collect();
        assert_eq!(pushed.results.iter().map(|result| result.id).collect::<Vec<_>>(), ids);
        pushed
    }

    pub(crate) async fn push(&self, command: &CommandEnvelope) -> CommandResult {
        self.push_all(std::slice::from_ref(command)).await.results.remove(0)
    }

    pub(crate) async fn pull(&self, cursor: Option<&str>) -> Page {
        let query: Vec<(&str, &str)> = cursor.map(|cursor| ("cursor", cursor)).into_iter().collect();
        read(self.get("/v1/sync/pull").query(&query)).await
    }

    pub(crate) async fn snapshot(&self, query: &[(&str, &str)]) -> SnapshotPage {
        read(self.get("/v1/sync/snapshot").query(query)).await
    }
}

/// Sends and reads a 200.
pub(crate) async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> T {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{}", response.text().await.unwrap());
    response.json().await.unwrap()
}

/// Sends and reads a refusal.
pub(crate) async fn refused(request: reqwest::RequestBuilder) -> Problem {
    problem_of(request.send().await.unwrap()).await
}

pub(crate) async fn problem_of(response: reqwest::Response) -> Problem {
    let status = response.status();
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{status}");
    let problem: Problem = response.json().await.unwrap();
    assert_eq!(problem.status, status.as_u16());
    problem
}

/// An envelope with a new id.
pub(crate) fn command(command: &Command, lane: &str) -> CommandEnvelope {
    CommandEnvelope {
        id: Uuid::now_v7(),
        kind: command.kind().to_owned(),
        v: 1,
        lane: lane.to_owned(),
        base_rev: None,
        depends_on: Vec::new(),
        payload: command.payload().unwrap(),
        clock: ClockEvidence { queued_wall_ms: NOW, ..ClockEvidence::default() },
        receipt: None,
        seen: None,
    }
}

pub(crate) fn patch(base_rev: Option<i64>, fields: &[(ProfileField, Option<&str>)]) -> CommandEnvelope {
    let fields = fields.iter().map(|(field, value)| (*field, value.map(str::to_owned))).collect();
    CommandEnvelope { base_rev, ..command(&Command::ProfilePatch(ProfilePatch { fields }), "profile") }
}

/// Id of a demo training's schedule: the first is 1.
pub(crate) fn run(training: &str, nth: usize) -> Uuid {
    static CATALOGUE: LazyLock<CatalogueFile> = LazyLock::new(|| demo::catalogue(jiff::civil::date(2026, 11, 23)));
    let row = CATALOGUE.trainings.iter().find(|row| row.slug == training).unwrap();
    schedule_id(training, &row.schedules[nth - 1].key)
}

pub(crate) fn request(training: &str, nth: Option<usize>) -> CommandEnvelope {
    let schedule = nth.map(|nth| run(training, nth));
    let training = prakerja_central::catalogue::training_id(training);
    request_ids(Uuid::now_v7(), training, schedule)
}

pub(crate) fn request_ids(enrolment: Uuid, training: Uuid, schedule: Option<Uuid>) -> CommandEnvelope {
    let lane = Command::enrol_lane(training);
    command(&Command::EnrolmentRequest(EnrolmentRequest { enrolment, training, schedule }), &lane)
}

pub(crate) fn cancel_of(request: &CommandEnvelope) -> CommandEnvelope {
    command(&Command::EnrolmentCancel(EnrolmentCancel { enrolment: enrolment_of(request) }), &request.lane)
}

pub(crate) fn enrolment_of(request: &CommandEnvelope) -> Uuid {
    request.payload["enrolment"].as_str().unwrap().parse().unwrap()
}

pub(crate) fn void_of(target: &CommandEnvelope) -> CommandEnvelope {
    command(&Command::Void(CommandVoid { target: target.id }), &target.lane)
}

pub(crate) fn code(result: &CommandResult) -> prakerja_protocol::problem::ProblemCode {
    result.problem.as_ref().unwrap_or_else(|| panic!("no problem in {result:?}")).code
}
