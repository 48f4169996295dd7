//! The membership of a participant: its number stays masked until the person asks, its deadline is known without a
//! network.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use prakerja_domain::membership::reminders_ms;
use prakerja_protocol::application::MembershipRecord;
use prakerja_store::{NOBODY, Store};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::calendar::{self, CalendarWords, Deadline};
use crate::error::Answer;
use crate::ipc::wave::{MemberRules, MembershipView, ReminderView, WithdrawnView};
use crate::ipc::{ErrorCode, IpcError};
use crate::programme::Programme;
use crate::{App, Opened};

/// Names that are tried.
const NAMES: u32 = 1_000;
/// This computer's clipboard, for a secret.
pub trait Clipboard: Send + Sync + 'static {
    /// Replaces what is in it.
    ///
    /// # Errors
    /// `internal` when there is none.
    fn put(&self, secret: &str) -> Answer<()>;

    /// Takes the secret out, if it is still there.
    fn forget(&self);

    /// How long a secret stays; a minute but for tests.
    fn stays(&self) -> Duration {
        Duration::from_secs(60)
    }
}

/// The membership that counts: the one that lives, else the newest.
pub(crate) async fn membership(store: &Store, person: Uuid) -> Answer<Option<(Uuid, MembershipRecord)>> {
    if person == NOBODY {
        return Ok(None);
    }
    let records = store.records(person, "membership").await?;
    let read = records.into_iter().filter_map(|it| Some((it.id, MembershipRecord::deserialize(&it.data).ok()?)));
    Ok(read.max_by_key(|(_, membership)| (membership.state.is_live(), membership.appointed_at)))
}

impl App {
    /// The membership; absent before there is one.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_membership(&self) -> Answer<Option<MembershipView>> {
        let opened = self.opened()?;
        let Some((_, it)) = membership(&opened.store, opened.person().await?).await? else { return Ok(None) };
        let now = self.best_now(&opened.store, &opened.exchange()).await;
        let programme = Programme::read(&opened.store).await?;
        // A wave that left the catalogue leaves its scheme.
        let scheme = match programme.wave(it.wave) {
            Some(wave) => programme.scheme_of(wave),
            None => Arc::clone(programme.scheme(&it.scheme)),
        };
        let rules = MemberRules {
            first_purchase_days: scheme.membership.first_purchase_days,
            next_purchase_days: scheme.membership.next_purchase_days,
            refund_days: scheme.membership.refund_days,
        };
        let awaits_first_purchase = it.state.awaits_first_purchase();
        let reminders = if awaits_first_purchase {
            reminders_ms(it.first_purchase_until, &it.reminder_days, now)
        } else {
            Vec::new()
        };
        Ok(Some(MembershipView {
            number_masked: masked(&it.prakerja_number),
            state: it.state,
            balance_idr: it.balance_idr,
            scheme: it.scheme,
            wave: it.wave,
            decree: it.decree,
            appointed_at: it.appointed_at,
            first_purchase_until: it.first_purchase_until,
            awaits_first_purchase,
            balance_use_until: it.balance_use_until,
            withdrawn: it.withdrawn.map(|it| WithdrawnView { at: it.at, amount_idr: it.amount_idr }),
            rules,
            reminders: reminders.into_iter().map(|(days, at)| ReminderView { days, at }).collect(),
            now,
        }))
    }

    /// The whole card number, digits only. The window hides it again.
    ///
    /// # Errors
    /// `not_found` when there is no membership.
    pub async fn reveal_card_number(&self) -> Answer<String> {
        let opened = self.opened()?;
        let found = membership(&opened.store, opened.person().await?).await?;
        let (_, it) = found.ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        Ok(it.prakerja_number)
    }

    /// Writes the deadline of the first purchase as a calendar file into the person's folder of documents, and gives its
    /// path. A file that is there already stays as it is.
    ///
    /// # Errors
    /// `not_found` when no deadline runs, `disk_full`, `internal` when the folder cannot be written.
    pub async fn save_deadline_calendar(&self, words: CalendarWords) -> Answer<String> {
        let opened = self.opened()?;
        let found = membership(&opened.store, opened.person().await?).await?;
        let found = found.filter(|(_, it)| it.state.awaits_first_purchase());
        let (id, it) = found.ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        let text = calendar::write(&self.deadline(&opened, id, &it).await?, &words);
        let folder = self.inner.config.documents_dir.clone();
        let written = tokio::task::spawn_blocking(move || write_new(&folder, &words.file, &text)).await;
        let written = written.map_err(|error| IpcError::defect("calendar", &error))?;
        Ok(written.map_err(crate::settings::from_io)?.display().to_string())
    }

    async fn deadline(&self, opened: &Opened, id: Uuid, it: &MembershipRecord) -> Answer<Deadline> {
        let now = self.best_now(&opened.store, &opened.exchange()).await;
        let record = opened.store.record(opened.person().await?, "membership", id).await?;
        let reminders = reminders_ms(it.first_purchase_until, &it.reminder_days, now);
        Ok(Deadline {
            uid: format!("{id}@prakerjadesktop.id"),
            sequence: record.map_or(0, |record| record.rev),
            until: it.first_purchase_until,
            reminders: reminders.into_iter().map(|(_, at)| at).collect(),
            written_at: now,
        })
    }

    /// True for a participant, also for one whose membership is over: once per lifetime, so no wave can be joined.
    pub(crate) async fn is_member(&self, opened: &Opened, person: Uuid) -> Answer<bool> {
        Ok(membership(&opened.store, person).await?.is_some())
    }

    /// Puts the whole card number into the clipboard. After a minute it is gone again, unless something else is there.
    ///
    /// # Errors
    /// `not_found` when there is no membership, `internal` when this computer has no clipboard.
    pub async fn copy_card_number(&self, clipboard: Arc<dyn Clipboard>) -> Answer<()> {
        clipboard.put(&self.reveal_card_number().await?)?;
        let forget = tokio::spawn(async move {
            tokio::time::sleep(clipboard.stays()).await;
            clipboard.forget();
        });
        // Copied once more it stays for the whole time.
        let before = &mut *self.inner.forgetting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = before.replace(forget.abort_handle()) {
            before.abort();
        }
        Ok(())
    }
}

/// `**** **** **** 1234`, whatever the number's length.
fn masked(number: &str) -> String {
    let shown = number.chars().count().saturating_sub(4);
    grouped(number.chars().enumerate().map(|(at, c)| if at < shown { '*' } else { c }))
}

fn grouped(characters: impl Iterator<Item = char>) -> String {
    let characters: Vec<char> = characters.collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Writes under the first name that is free: a number follows where it is taken.
fn write_new(folder: &Path, stem: &str, text: &str) -> std::io::Result<PathBuf> {
    use std::io::Write as _;
    std::fs::create_dir_all(folder)?;
    for number in 1..NAMES {
        let name = if number == 1 { format!("{stem}.ics") } else { format!("{stem}-{number}.ics") };
        let path = folder.join(name);
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                // What was cut when the disk was full is no file for a calendar.
                let written = file.write_all(text.as_bytes()).inspect_err(|_| drop(std::fs::remove_file(&path)));
                return written.map(|()| path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_four_digits_are_shown() {
        for (number, expected) in
            [("1234567890123456", "**** **** **** 3456"), ("123456", "**34 56"), ("12", "12"), ("", "")]
        {
            assert_eq!(masked(number), expected);
        }
    }

    #[test]
    fn a_file_that_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("new");
        let first = write_new(&inner, "batas", "one").unwrap();
        let second = write_new(&inner, "batas", "two").unwrap();
        assert_eq!((first.file_name(), second.file_name()), (Some("batas.ics".as_ref()), Some("batas-2.ics".as_ref())));
        assert_eq!(std::fs::read_to_string(first).unwrap(), "one");
    }
}
