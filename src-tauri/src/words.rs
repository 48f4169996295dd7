//! Words that stand outside of the window: notifications and the entry in a calendar. They are in `words.toml`, both
//! languages side by side, and not in the page's files: a reminder comes whether a page is loaded, hangs or is gone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use prakerja_app::{CalendarWords, Reminder};
use serde::Deserialize;

/// The file, read once.
const FILE: &str = include_str!("../words.toml");

/// Title and sentence of a notification.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) title: String,
    pub(crate) body: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    /// By the word of the notice's kind.
    happened: BTreeMap<String, Words>,
    first_purchase: Words,
    last_day_tomorrow: Words,
    last_day_today: Words,
    calendar: Entry,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    summary: String,
    description: String,
}

fn language(name: &str) -> Option<&'static Language> {
    static LANGUAGES: OnceLock<BTreeMap<String, Language>> = OnceLock::new();
    // A test reads the file: it is right.
    let languages = LANGUAGES.get_or_init(|| toml::from_str(FILE).unwrap_or_default());
    languages.get(name).or_else(|| languages.get("id"))
}

/// The words of a reminder; none for what nobody needs to be told of.
pub(crate) fn of(reminder: Reminder, name: &str) -> Option<Words> {
    let language = language(name)?;
    match reminder {
        Reminder::Happened(kind) => {
            let word = serde_json::to_value(kind).ok()?;
            language.happened.get(word.as_str()?).cloned()
        }
        Reminder::FirstPurchase { days: 0 } => Some(language.last_day_today.clone()),
        Reminder::FirstPurchase { days: 1 } => Some(language.last_day_tomorrow.clone()),
        Reminder::FirstPurchase { days } => {
            let with_days = |text: &str| text.replace("{days}", &days.to_string());
            let Words { title, body } = &language.first_purchase;
            Some(Words { title: with_days(title), body: with_days(body) })
        }
    }
}

/// The words of the entry in a calendar.
pub(crate) fn calendar(name: &str) -> CalendarWords {
    let entry = language(name).map(|language| &language.calendar);
    let text = |of: fn(&Entry) -> &String| entry.map(of).cloned().unwrap_or_default();
    CalendarWords {
        file: text(|entry| &entry.file),
        summary: text(|entry| &entry.summary),
        description: text(|entry| &entry.description),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prakerja_app::NoticeKind;

    #[test]
    fn both_languages_have_words_for_the_same_things() {
        let languages: BTreeMap<String, Language> = toml::from_str(FILE).unwrap();
        assert_eq!(languages.keys().collect::<Vec<_>>(), ["en", "id"]);
        let of = |name: &str| languages[name].happened.keys().collect::<Vec<_>>();
        assert_eq!(of("id"), of("en"));
        for language in languages.values() {
            for (kind, words) in &language.happened {
                let read = serde_json::from_value::<NoticeKind>(kind.as_str().into()).unwrap();
                assert_ne!(read, NoticeKind::Other, "{kind} is no kind of notice");
                for text in [&words.title, &words.body] {
                    assert!(!text.trim().is_empty() && !text.contains(['{', '}']), "{kind}: {text}");
                    assert!(!text.contains(|c: char| c.is_ascii_digit()), "nothing personal: {text}");
                }
            }
        }
    }

    /// Nobody needs to be told: the person did it a moment ago, on this computer or at a page that it opened. The reminders of
    /// the first purchase have words of their own, which count the days.
    const UNTOLD: [&str; 8] = [
        "identity_submitted",
        "phone_verified",
        "declarations_received",
        "test_started",
        "test_submitted",
        "joined_wave",
        "appeal_received",
        "first_purchase_due",
    ];

    #[test]
    fn every_kind_of_notice_has_words_or_needs_none() {
        // The generated types name every kind there is.
        let types = include_str!("../../ui/src/ipc/types.ts");
        let kinds = types.split("export type NoticeKind = ").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
        let mut kinds: Vec<_> = kinds.split('|').map(|kind| kind.trim().trim_matches('"')).collect();
        kinds.retain(|kind| *kind != "other");
        kinds.sort_unstable();
        let told = language("id").unwrap().happened.keys().map(String::as_str);
        let mut known: Vec<_> = told.chain(UNTOLD).collect();
        known.sort_unstable();
        assert_eq!(kinds, known);
    }

    #[test]
    fn days_are_counted_in_words_and_a_file_name_is_one() {
        for name in ["id", "en"] {
            let words = of(Reminder::FirstPurchase { days: 5 }, name).unwrap();
            assert!(words.title.contains('5') && !words.body.contains('{'), "{words:?}");
            let [today, tomorrow] = [0, 1].map(|days| of(Reminder::FirstPurchase { days }, name).unwrap());
            assert!(today != tomorrow && !today.title.contains('{') && !tomorrow.title.contains('{'));
            let file = calendar(name).file;
            assert!(!file.is_empty() && file.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{file}");
        }
        assert_eq!(of(Reminder::Happened(NoticeKind::Other), "id"), None);
        assert!(of(Reminder::Happened(NoticeKind::Accepted), "fr").is_some(), "Indonesian, in doubt");
    }
}
