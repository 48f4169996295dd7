//! What to tell the person outside of the window, and when: pure. What was told is kept by the caller, so that each is
//! told once, also after a restart; nothing here needs a network.

use std::collections::BTreeSet;

use prakerja_domain::calendar::jakarta_day;
use prakerja_domain::membership::reminders_ms;
pub use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::application::{MembershipRecord, NoticeRecord};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Rows of the inbox that this computer noted by itself; older ones go.
const INBOX: usize = 100;

/// Something to tell. It holds no personal data: whoever stands beside the screen reads it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminder {
    /// Something happened.
    Happened(NoticeKind),
    /// So many days are left for the first purchase; 0 on its last day.
    FirstPurchase {
        /// Days, counted in Jakarta when it is told: the computer may have been off in the morning.
        days: u32,
    },
}

/// Tells a person something outside of the window, as well as this computer can: the inbox and the countdown in the window
/// are there in any case.
pub trait Notifier: Send + Sync + 'static {
    /// Tells it, in the language of the settings (`id` or `en`), without waiting for anything.
    fn tell(&self, reminder: Reminder, language: &str);
}

/// What was told to a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// What happened before this computer knew the person is history; absent before the first look.
    pub(crate) since: Option<i64>,
    notices: BTreeSet<Uuid>,
    /// Days of the reminders, by membership and its deadline: one that moved is called to mind anew.
    reminders: BTreeSet<(Uuid, i64, u32)>,
    /// Waves whose opening was told.
    #[serde(default)]
    waves: BTreeSet<u32>,
    /// What this computer noted by itself, oldest first: beside central's notices in the inbox.
    #[serde(default)]
    inbox: Vec<(Uuid, NoticeRecord)>,
}

/// Something that is due, with what becomes of [`Told`] when it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    /// Absent for what needs no telling any more: an earlier reminder, or what the person saw in the window.
    pub(crate) reminder: Option<Reminder>,
    /// For the inbox, where central has not written it.
    noted: Option<NoticeRecord>,
    key: Key,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Notice(Uuid),
    Reminder(Uuid, i64, u32),
    Wave(u32),
}

/// What is known when somebody looks.
pub(crate) struct Known<'a> {
    pub(crate) membership: Option<&'a (Uuid, MembershipRecord)>,
    pub(crate) notices: &'a [(Uuid, NoticeRecord)],
    /// Waves that are open and that the person may join, with the time of their opening.
    pub(crate) open_waves: &'a [(u32, i64)],
    /// The window is looked at: what happens shows there.
    pub(crate) looked_at: bool,
    pub(crate) now: i64,
}

impl Told {
    /// Everything that is due now and was not told, oldest first.
    pub(crate) fn due(&self, known: &Known<'_>) -> Vec<Due> {
        let since = self.since.unwrap_or(known.now);
        let mut due: Vec<_> = known
            .notices
            .iter()
            .filter(|(id, notice)| notice.at > since && !self.notices.contains(id))
            .map(|(id, notice)| (notice.at, notice.what, *id))
            .collect();
        due.sort_by_key(|(at, _, id)| (*at, *id));
        let notice = |(_, what, id)| Due {
            reminder: (!known.looked_at && what != NoticeKind::Other).then_some(Reminder::Happened(what)),
            noted: None,
            key: Key::Notice(id),
        };
        let mut due: Vec<Due> = due.into_iter().map(notice).collect();
        let opened = known.open_waves.iter().filter(|(wave, at)| *at > since && !self.waves.contains(wave));
        due.extend(opened.map(|(wave, _)| Due {
            reminder: (!known.looked_at).then_some(Reminder::Happened(NoticeKind::WaveOpened)),
            noted: Some(noted(NoticeKind::WaveOpened, known.now, ("wave", *wave))),
            key: Key::Wave(*wave),
        }));
        due.extend(known.membership.into_iter().flat_map(|it| self.of_membership(it, known.now)));
        due
    }

    /// Of several mornings that passed while the computer was off, only the last is told.
    fn of_membership(&self, (id, membership): &(Uuid, MembershipRecord), now: i64) -> Vec<Due> {
        if !membership.state.awaits_first_purchase() || now > membership.first_purchase_until {
            return Vec::new();
        }
        let until = membership.first_purchase_until;
        let passed = reminders_ms(until, &membership.reminder_days, membership.appointed_at);
        let passed: Vec<u32> = passed.into_iter().filter(|(_, at)| *at <= now).map(|(days, _)| days).collect();
        let last = passed.last().copied();
        let open = passed.into_iter().filter(|days| !self.reminders.contains(&(*id, until, *days)));
        let left = jakarta_day(until).since(jakarta_day(now)).map_or(0, |left| left.get_days());
        let left = u32::try_from(left).unwrap_or(0);
        let due = |days| Due {
            reminder: (Some(days) == last).then_some(Reminder::FirstPurchase { days: left }),
            noted: (Some(days) == last).then(|| noted(NoticeKind::FirstPurchaseDue, now, ("days", left))),
            key: Key::Reminder(*id, until, days),
        };
        open.map(due).collect()
    }

    /// Takes note of something that was told.
    pub(crate) fn note(&mut self, due: &Due) {
        // An id of its own for each thing that is noted once.
        let id = match due.key {
            Key::Notice(id) => {
                self.notices.insert(id);
                id
            }
            Key::Reminder(id, until, days) => {
                self.reminders.insert((id, until, days));
                Uuid::from_u128(id.as_u128() ^ (u128::from(until.unsigned_abs()) << 32) ^ (u128::from(days) + 1))
            }
            Key::Wave(wave) => {
                self.waves.insert(wave);
                Uuid::from_u128(u128::from(wave))
            }
        };
        if let Some(noted) = &due.noted {
            self.inbox.push((id, noted.clone()));
            let old = self.inbox.len().saturating_sub(INBOX);
            self.inbox.drain(..old);
        }
    }

    /// What this computer noted by itself.
    pub(crate) fn inbox(self) -> Vec<(Uuid, NoticeRecord)> {
        self.inbox
    }

    /// True when something was noted for the inbox that `before` does not have.
    pub(crate) fn noted_more_than(&self, before: &Self) -> bool {
        self.inbox != before.inbox
    }

    /// True when the opening of a wave may have to be told.
    pub(crate) fn awaits(&self, wave: u32) -> bool {
        !self.waves.contains(&wave)
    }

    /// Forgets notices that central no longer sends.
    pub(crate) fn keep(&mut self, notices: &[(Uuid, NoticeRecord)]) {
        self.notices.retain(|told| notices.iter().any(|(id, _)| id == told));
    }
}

fn noted(what: NoticeKind, at: i64, (name, value): (&str, u32)) -> NoticeRecord {
    NoticeRecord { what, at, numbers: [(name.to_owned(), i64::from(value))].into(), note: None }
}

#[cfg(test)]
#[path = "reminders_tests.rs"]
mod tests;
