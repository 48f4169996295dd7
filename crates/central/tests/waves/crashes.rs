//! Central is killed at each place of a selection; afterwards everything is as if it had not been.

use std::path::Path;
use std::process::{Command, Stdio};

use prakerja_central::clock::Clock;
use prakerja_central::failpoint;
use prakerja_central::state::Central;
use prakerja_central::waves::selection::{self, Due, SelectionError};
use prakerja_selection::{Beacon, Commitment, CommitmentError};
use tempfile::TempDir;

use crate::applicant::*;
use crate::draw::VALUE;
use crate::started::*;

const DATA: &str = "PRAKERJA_TEST_SELECTION_DATA";
const PLACE: &str = "PRAKERJA_TEST_SELECTION_PLACE";
/// More than one page, so that a crash may fall between two.
const APPLICANTS: usize = 210;
/// After the end of the wave, and before the demo gets new dates.
const LATER: i64 = NOW + 24 * 3_600_000;
/// When the public value becomes known.
const DUE: i64 = LATER + 60_000;

fn beacon() -> Beacon {
    Beacon { description: "the index on 2026-12-02".to_owned(), due_at_ms: DUE }
}

/// What an operator does, on a folder.
async fn select(data: &Path) {
    let central = Central::open(config(data), Clock::fake(LATER)).await.unwrap();
    // A start goes on by itself; the command may find everything done.
    let _ = selection::commit(&central, OPEN, beacon()).await;
    let _ = selection::publish(&central, OPEN, VALUE, None, Due::Sandbox).await;
    central.close().await;
}

/// The child: killed at the place that the environment names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let (Ok(data), Ok(place)) = (std::env::var(DATA), std::env::var(PLACE)) else { return };
    failpoint::abort_at(&place, 1);
    select(Path::new(&data)).await;
}

/// What must be the same, whatever happened: who is on the list, who was told what, who is a participant.
async fn books(data: &Path) -> Vec<String> {
    let central = Central::open(config(data), Clock::fake(LATER)).await.unwrap();
    let (settled, told): (Option<i64>, Option<i64>) =
        sqlx::query_as("select settled_at, told_at from selection").fetch_one(central.db.read()).await.unwrap();
    assert!(settled.is_some() && told.is_some());
    let progress = selection::progress(&central, OPEN).await.unwrap();
    // A message that is kept in the sandbox and not yet out of the outbox is one.
    let counts: (i64, i64, i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from membership), (select count(*) from recipient),
                (select count(*) from record where kind = 'notice'),
                (select count(*) from application where state <> 'joined' and rev = 2),
                (select count(*) from (select id from message_outbox union select id from sandbox_message))",
    )
    .fetch_one(central.db.read())
    .await
    .unwrap();
    let list = std::fs::read(data.join("selections/73/list.bin.zst")).unwrap();
    central.close().await;
    vec![
        format!("{} {} {}", progress.applications, progress.accepted, progress.not_accepted),
        format!("{counts:?}"),
        hex(&list),
    ]
}

fn hex(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            std::fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
        }
    }
    // The public files of the wave, if there are some.
    let wave = Path::new("selections").join(OPEN.to_string());
    for entry in std::fs::read_dir(from.join(&wave)).into_iter().flatten() {
        let entry = entry.unwrap();
        std::fs::create_dir_all(to.path().join(&wave)).unwrap();
        std::fs::copy(entry.path(), to.path().join(&wave).join(entry.file_name())).unwrap();
    }
    to
}

/// A copy of a folder on which central was killed at a place.
fn killed(data: &Path, place: &str) -> TempDir {
    killed_in(data, place, "crashes::child")
}

fn killed_in(data: &Path, place: &str, child: &str) -> TempDir {
    let folder = copy(data);
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", child, "--nocapture"])
        .env(DATA, folder.path())
        .env(PLACE, place)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success() && status.code().is_none(), "{place} is passed: {status}");
    folder
}

async fn close_wave(central: &Started) {
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update wave set closes_at = $1, grace_ms = 0").bind(NOW).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    central.stop().await;
}

/// When the published commitment says that it was made.
fn stamped(data: &Path) -> i64 {
    let bytes = std::fs::read(data.join("selections/73/commitment.json")).unwrap();
    let commitment = Commitment::from_json(&bytes).unwrap();
    commitment.check().unwrap();
    commitment.committed_at_ms
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commitment_is_never_older_than_its_list_and_never_made_when_the_value_is_known() {
    let central = Started::sqlite().await;
    joined(&applicant(&central).await, OPEN).await;
    close_wave(&central).await;
    for place in ["selection.begun", "selection.files_written"] {
        let folder = killed(central.folder.path(), place);
        // Gone on with in time, it carries the time of now.
        let in_time = copy(folder.path());
        let again = Central::open(config(in_time.path()), Clock::fake(DUE - 1)).await.unwrap();
        // The start goes on by itself; the command may find everything done.
        let done = selection::commit(&again, OPEN, beacon()).await;
        assert!(matches!(done, Ok(_) | Err(SelectionError::Committed(OPEN))), "{place}: {done:?}");
        let noted = selection::progress(&again, OPEN).await.unwrap().committed_at;
        assert_eq!((noted, stamped(in_time.path())), (Some(DUE - 1), DUE - 1), "{place}");
        again.close().await;
        // Too soon before the value, no list is made.
        let soon = copy(folder.path());
        let mut hour_ahead = config(soon.path());
        hour_ahead.limits.beacon_ahead_s = Some(3_600);
        let again = Central::open(hour_ahead, Clock::fake(DUE - 1)).await.unwrap();
        let refused = selection::commit(&again, OPEN, beacon()).await;
        assert!(matches!(refused, Err(SelectionError::TooSoon { .. })), "{place}: {refused:?}");
        assert_eq!(selection::progress(&again, OPEN).await.unwrap().commitment, None, "{place}");
        let next = Beacon { due_at_ms: DUE + 3_600_000, ..beacon() };
        selection::commit(&again, OPEN, next).await.unwrap();
        again.close().await;
        // Too late, nothing is published, and it is begun anew with a value that nobody knows.
        let again = Central::open(config(folder.path()), Clock::fake(DUE)).await.unwrap();
        let late = selection::commit(&again, OPEN, beacon()).await;
        assert!(matches!(late, Err(SelectionError::Commitment(CommitmentError::Late))), "{place}: {late:?}");
        assert_eq!(selection::progress(&again, OPEN).await.unwrap().commitment, None, "{place}");
        let next = Beacon { due_at_ms: DUE + 60_000, ..beacon() };
        let files = selection::commit(&again, OPEN, next.clone()).await.unwrap();
        assert_eq!((files.entries, files.committed_at, stamped(folder.path())), (1, DUE, DUE), "{place}");
        let other = selection::commit(&again, OPEN, Beacon { due_at_ms: DUE + 90_000, ..next }).await;
        assert!(matches!(other, Err(SelectionError::Committed(OPEN))), "{place}: {other:?}");
        again.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_it_ends_as_if_it_had_not_been() {
    let central = Started::sqlite().await;
    crate::draw::set_wave(&central, 50, "{}").await;
    for _ in 0..APPLICANTS {
        joined(&applicant(&central).await, OPEN).await;
    }
    close_wave(&central).await;
    let reference = copy(central.folder.path());
    select(reference.path()).await;
    let expected = books(reference.path()).await;
    assert!(expected[0].starts_with("210 50 160"), "{expected:?}");
    assert!(expected[1].ends_with(" 420)"), "a mail and a text to the phone of everybody, {expected:?}");
    for place in failpoint::SELECTION_PLACES {
        let folder = killed(central.folder.path(), place);
        // What was revealed before the crash is what is published after it.
        let before = std::fs::read(folder.path().join("selections/73/result.json"));
        select(folder.path()).await;
        let after = std::fs::read(folder.path().join("selections/73/result.json")).unwrap();
        assert!(before.is_err() || before.is_ok_and(|before| before == after), "{place}: another result");
        assert_eq!(books(folder.path()).await, expected, "{place}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn central_that_stops_leaves_the_rest_for_the_next_start() {
    let central = Started::sqlite().await;
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    close_wave(&central).await;
    let data = central.folder.path();
    let at_stop = Central::open(config(data), Clock::fake(LATER)).await.unwrap();
    at_stop.stopping.cancel();
    selection::commit(&at_stop, OPEN, beacon()).await.unwrap();
    let told: Option<i64> =
        sqlx::query_scalar("select told_at from selection").fetch_one(at_stop.db.read()).await.unwrap();
    assert_eq!(told, None, "the commitment is public, and nobody was told yet");
    at_stop.close().await;
    select(data).await;
    assert!(books(data).await[0].starts_with("1 1 0"));
}

/// What an operator does who voids the draw, on a folder.
async fn void(data: &Path) {
    let central = Central::open(config(data), Clock::fake(LATER)).await.unwrap();
    // A start goes on by itself; the command may find everything done.
    let _ = selection::void(&central, OPEN, "Nilainya hilang.").await;
    central.close().await;
}

/// The child that voids.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn voiding_child() {
    let (Ok(data), Ok(place)) = (std::env::var(DATA), std::env::var(PLACE)) else { return };
    failpoint::abort_at(&place, 1);
    void(Path::new(&data)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_void_that_is_killed_anywhere_tells_everybody_once() {
    let central = Started::sqlite().await;
    for _ in 0..APPLICANTS {
        joined(&applicant(&central).await, OPEN).await;
    }
    close_wave(&central).await;
    let open = Central::open(config(central.folder.path()), Clock::fake(LATER)).await.unwrap();
    let first = selection::commit(&open, OPEN, beacon()).await.unwrap();
    open.close().await;
    for place in failpoint::VOID_PLACES {
        let folder = killed_in(central.folder.path(), place, "crashes::voiding_child");
        void(folder.path()).await;
        let again = Central::open(config(folder.path()), Clock::fake(LATER)).await.unwrap();
        let progress = selection::progress(&again, OPEN).await.unwrap();
        assert_eq!((progress.voided.len(), progress.commitment), (1, None), "{place}");
        assert_eq!(progress.voided[0].commitment, first.commitment, "{place}");
        // Joined, selection began, voided: three each.
        let notices: i64 = sqlx::query_scalar("select count(*) from record where kind = 'notice'")
            .fetch_one(again.db.read())
            .await
            .unwrap();
        assert_eq!(notices, 3 * i64::try_from(APPLICANTS).unwrap(), "{place}");
        let next = Beacon { due_at_ms: DUE + 1, ..beacon() };
        let second = selection::commit(&again, OPEN, next).await.unwrap();
        assert_ne!(second.commitment, first.commitment, "{place}");
        again.close().await;
    }
}
