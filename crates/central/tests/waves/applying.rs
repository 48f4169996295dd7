//! The state machine of an application (domain.md §3.4) against central: what each state allows, and what it refuses.
//!
//! Central keeps one as joined until the draw settles it. That it is processed follows from its wave, here as in the app.

use prakerja_central::db::Id;
use prakerja_central::office::{cases, waves};
use prakerja_central::waves::selection::{self, Due};
use prakerja_domain::application::ApplicationState;
use prakerja_protocol::application::{ApplicationRecord, MembershipRecord};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::BlockReason;
use prakerja_protocol::sync::CommandStatus;
use serde_json::json;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close, set_wave};
use crate::started::*;

/// What the person, the office or the time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Also once more.
    Join,
    Block,
    Lift,
    Close,
    Commit,
    Publish,
    Void,
    /// The draw comes to this one application again, as if nobody had noted how far it was.
    Settle,
}

/// `None` while nothing was asked for.
type State = Option<ApplicationState>;

const NOT_JOINED: State = None;
const WAITING: State = Some(ApplicationState::JoinedWaitingClose);
const PROCESSING: State = Some(ApplicationState::Processing);
const ACCEPTED: State = Some(ApplicationState::Accepted);
const NOT_ACCEPTED: State = Some(ApplicationState::NotAccepted);

/// A state, what is refused in it or changes nothing, and the step that leads on.
type Row = (State, &'static [(Act, &'static str)], Option<Act>);

use Act::{Block, Close, Commit, Join, Lift, Publish, Settle, Void};

/// Nothing settles it again, whether or not it has a place; and joining again gives the settled one.
const SETTLED: &[(Act, &str)] = &[
    (Join, "ok"),
    (Commit, "committed"),
    (Publish, "published"),
    (Void, "published"),
    (Settle, "internal"),
    (Block, "ok"),
    (Join, "ok"),
    (Settle, "internal"),
    (Lift, "ok"),
];

const CLOSED_WAVE: &[(Act, &str)] =
    &[(Join, "ok"), (Publish, "not-committed"), (Void, "not-committed"), (Block, "ok"), (Join, "ok"), (Lift, "ok")];

const HAS_A_PLACE: &[Row] = &[
    (
        NOT_JOINED,
        &[
            (Commit, "still-open"),
            (Publish, "not-committed"),
            (Void, "not-committed"),
            (Block, "ok"),
            (Join, "blocked"),
            (Lift, "ok"),
        ],
        Some(Join),
    ),
    (
        WAITING,
        &[
            (Join, "ok"),
            (Commit, "still-open"),
            (Publish, "not-committed"),
            (Void, "not-committed"),
            (Block, "ok"),
            (Join, "ok"),
            (Lift, "ok"),
        ],
        Some(Close),
    ),
    (PROCESSING, CLOSED_WAVE, Some(Commit)),
    (PROCESSING, &[(Join, "ok"), (Commit, "committed"), (Block, "ok"), (Lift, "ok")], Some(Void)),
    (PROCESSING, CLOSED_WAVE, Some(Commit)),
    // Who is blocked only now is on the list, and drawn like anybody.
    (PROCESSING, &[(Join, "ok"), (Commit, "committed"), (Block, "ok"), (Join, "ok")], Some(Publish)),
    (ACCEPTED, SETTLED, None),
];

const HAS_NO_PLACE: &[Row] = &[
    (NOT_JOINED, &[], Some(Join)),
    (WAITING, &[], Some(Close)),
    (PROCESSING, &[], Some(Commit)),
    (PROCESSING, &[], Some(Publish)),
    (NOT_ACCEPTED, SETTLED, None),
];

const BLOCKED_WHEN_THE_LIST_CLOSES: &[Row] = &[
    (NOT_JOINED, &[], Some(Join)),
    (WAITING, &[(Block, "ok")], Some(Close)),
    (PROCESSING, &[(Join, "ok")], Some(Commit)),
    // Lifted now it is too late for this list.
    (PROCESSING, &[(Join, "ok"), (Commit, "committed"), (Lift, "ok")], Some(Publish)),
    (NOT_ACCEPTED, SETTLED, None),
];

const LIFTED_BEFORE_THE_NEXT_LIST: &[Row] = &[
    (NOT_JOINED, &[], Some(Join)),
    (WAITING, &[(Block, "ok")], Some(Close)),
    (PROCESSING, &[], Some(Commit)),
    (PROCESSING, &[(Lift, "ok")], Some(Void)),
    (PROCESSING, &[], Some(Commit)),
    (PROCESSING, &[], Some(Publish)),
    (ACCEPTED, SETTLED, None),
];

const CAME_TOO_LATE: &[Row] = &[
    (NOT_JOINED, &[], Some(Close)),
    (NOT_JOINED, &[(Join, "wave-closed")], Some(Commit)),
    (NOT_JOINED, &[(Join, "wave-closed")], Some(Void)),
    (NOT_JOINED, &[(Join, "wave-closed")], Some(Commit)),
    (NOT_JOINED, &[(Join, "wave-closed")], Some(Publish)),
    (NOT_JOINED, &[(Join, "wave-closed"), (Publish, "published"), (Void, "published")], None),
];

struct Applying {
    central: Started,
    person: Person,
    /// Of the person's case.
    number: String,
}

impl Applying {
    /// A wave with so many places, one of which somebody with priority will have.
    async fn new(places: i64) -> Self {
        let central = Started::sqlite().await;
        set_wave(&central, places, "{}").await;
        let first = applicant(&central).await;
        let mut tx = central.central.db.begin().await.unwrap();
        sqlx::query(
            "insert into whitelist select nik_index, 'whitelisted_laid_off', 'Disnaker', 1
             from identity_claim where person_id = $1",
        )
        .bind(Id(first.id))
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        joined(&first, OPEN).await;
        let person = applicant(&central).await;
        let number = case_number(&person).await;
        Self { central, person, number }
    }

    /// The word of the refusal, or `ok`.
    async fn does(&self, act: Act) -> &'static str {
        let at = &self.central.central;
        match act {
            Join => self.joins().await,
            Block => {
                let done = cases::block(at, &self.number, BlockReason::Proxy, None).await;
                done.map_or_else(|error| error.code(), |()| "ok")
            }
            Lift => cases::unblock(at, &self.number, None).await.map_or_else(|error| error.code(), |()| "ok"),
            Close => {
                let_it_close(&self.central);
                "ok"
            }
            Commit => {
                let done = selection::commit(at, OPEN, beacon(&self.central)).await;
                done.map_or_else(|error| error.code(), |_| "ok")
            }
            Publish => {
                let done = selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await;
                done.map_or_else(|error| error.code(), |_| "ok")
            }
            Void => {
                let done = selection::void(at, OPEN, "Nilai publiknya hilang.").await;
                // The next public value is due later.
                at.clock.advance_ms(1_000);
                done.map_or_else(|error| error.code(), |_| "ok")
            }
            Settle => self.is_settled_again().await,
        }
    }

    async fn joins(&self) -> &'static str {
        let result = self.person.push(&join(OPEN)).await;
        if result.status == CommandStatus::Applied {
            let kept = records(&self.person).await.into_iter().find(|record| record.kind == "application").unwrap();
            assert_eq!(result.rev, Some(kept.rev), "the one application of the wave, as it is now");
            return "ok";
        }
        let problem = result.problem.unwrap();
        if problem.code == ProblemCode::WaveClosed {
            return "wave-closed";
        }
        assert_eq!((problem.code, problem.details.get("refusal")), (ProblemCode::StepRefused, Some(&json!("blocked"))));
        "blocked"
    }

    async fn is_settled_again(&self) -> &'static str {
        let at = &self.central.central;
        let mut tx = at.db.begin().await.unwrap();
        sqlx::query(
            "update selection set settled_at = null, settled_to =
                 (select max(other.blind) from application other
                  join application mine on other.wave = mine.wave and other.blind < mine.blind
                  where mine.person_id = $1 and mine.wave = $2)
             where wave = $2",
        )
        .bind(Id(self.person.id))
        .bind(i64::from(OPEN))
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let refused = selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap_err();
        assert!(refused.to_string().contains(&self.number), "it is the one that stops: {refused}");
        let mut tx = at.db.begin().await.unwrap();
        sqlx::query("update selection set settled_at = published_at where wave = $1")
            .bind(i64::from(OPEN))
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        refused.code()
    }

    /// What the person sees, and what it is made of.
    async fn stands(&self) -> (State, Vec<ApplicationRecord>, Vec<MembershipRecord>) {
        let all = waves::list(&self.central.central).await.unwrap();
        let wave = all.into_iter().find(|listed| listed.wave.number == OPEN).unwrap().state;
        let kept: Vec<ApplicationRecord> = of_kind(&self.person, "application").await;
        assert!(kept.len() <= 1, "one a person and wave");
        let shown = kept.first().map(|it| match it.state {
            ApplicationState::JoinedWaitingClose => ApplicationState::waiting(wave),
            ApplicationState::Processing => panic!("central keeps no such state"),
            settled => settled,
        });
        (shown, kept, memberships(&self.person).await)
    }
}

async fn live(name: &str, places: i64, rows: &[Row]) {
    let applying = Applying::new(places).await;
    let mut before: State = None;
    for (nth, (state, acts, next)) in (1..).zip(rows) {
        let stands = applying.stands().await;
        assert_eq!(stands.0, *state, "{name}, row {nth}");
        assert_eq!(stands.2.len(), usize::from(*state == ACCEPTED), "{name}, row {nth}");
        if let (Some(from), Some(to)) = (before, *state) {
            assert!(from == to || from.may_become(to), "{name}, row {nth}: not so in the domain's table");
        }
        for (act, word) in *acts {
            assert_eq!(applying.does(*act).await, *word, "{name}, row {nth}: {act:?}");
            assert_eq!(applying.stands().await, stands, "{name}, row {nth}: {act:?} changes nothing");
        }
        if let Some(next) = next {
            assert_eq!(applying.does(*next).await, "ok", "{name}, row {nth}: {next:?}");
        }
        before = *state;
    }
    applying.central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_each_state_of_an_application_allows() {
    for (name, places, rows) in [
        ("a place", 2, HAS_A_PLACE),
        ("no place", 1, HAS_NO_PLACE),
        ("blocked when the list closes", 2, BLOCKED_WHEN_THE_LIST_CLOSES),
        ("lifted before the next list", 2, LIFTED_BEFORE_THE_NEXT_LIST),
        ("too late", 2, CAME_TOO_LATE),
    ] {
        live(name, places, rows).await;
    }
}
