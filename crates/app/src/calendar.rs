//! A deadline as a calendar file (RFC 5545): lines end with CRLF, no line has more than 75 bytes, and what the words
//! contain cannot end a line. Nothing personal is in it: no name, no number, no amount.

use jiff::Timestamp;

/// Longest line, in bytes without its end (RFC 5545 §3.1).
const LINE: usize = 75;

/// Words of the entry, in the person's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarWords {
    /// Name of the file, without its ending.
    pub file: String,
    /// One line that says what is due.
    pub summary: String,
    /// A sentence about what to do.
    pub description: String,
}

/// What the file is about, times as Unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deadline {
    /// The same for every export of this deadline: a calendar then replaces the entry.
    pub(crate) uid: String,
    /// Grows when the deadline changes: a calendar keeps the entry with the highest (RFC 5545 §3.8.7.4).
    pub(crate) sequence: i64,
    /// Last moment.
    pub(crate) until: i64,
    /// When to remind.
    pub(crate) reminders: Vec<i64>,
    /// Now.
    pub(crate) written_at: i64,
}

/// The content of the file.
pub(crate) fn write(deadline: &Deadline, words: &CalendarWords) -> String {
    let until = utc(deadline.until);
    let summary = escaped(&words.summary);
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".into(),
        "PRODID:-//Prakerja Desktop//Deadline//ID".into(),
        "CALSCALE:GREGORIAN".into(),
        "BEGIN:VEVENT".into(),
        format!("UID:{}", escaped(&deadline.uid)),
        format!("DTSTAMP:{}", utc(deadline.written_at)),
        format!("LAST-MODIFIED:{}", utc(deadline.written_at)),
        format!("SEQUENCE:{}", deadline.sequence),
        // A moment: without an end, as RFC 5545 §3.6.1 has it, and never one that equals its start.
        format!("DTSTART:{until}"),
        format!("SUMMARY:{summary}"),
        format!("DESCRIPTION:{}", escaped(&words.description)),
        // A deadline takes no time of the day.
        "TRANSP:TRANSPARENT".into(),
    ];
    for at in &deadline.reminders {
        lines.extend([
            "BEGIN:VALARM".to_owned(),
            "ACTION:DISPLAY".into(),
            format!("TRIGGER;VALUE=DATE-TIME:{}", utc(*at)),
            format!("DESCRIPTION:{summary}"),
            "END:VALARM".into(),
        ]);
    }
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".into()]);
    lines.iter().map(|line| folded(line)).collect()
}

fn utc(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Text as RFC 5545 §3.3.11 has it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line with its end, parted where it is too long; never within a character.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn deadline() -> Deadline {
        Deadline {
            uid: "membership-1@prakerja".into(),
            sequence: 3,
            until: ms("2026-12-16T16:59:59Z"),
            reminders: vec![ms("2026-12-06T02:00:00Z"), ms("2026-12-15T02:00:00Z")],
            written_at: ms("2026-11-25T10:00:00Z"),
        }
    }

    #[test]
    fn the_file_has_this_form() {
        let words = CalendarWords {
            file: "batas".into(),
            summary: "Batas waktu membeli pelatihan pertama".into(),
            description:
                "Buka Prakerja Desktop, pilih pelatihan; lalu bayar dengan saldo pelatihan, paling lambat hari \
                          ini pukul 23.59 WIB — sesudah itu kepesertaan dicabut."
                    .into(),
        };
        let text = write(&deadline(), &words);
        assert!(text.split_inclusive("\r\n").all(|line| line.ends_with("\r\n") && line.len() <= LINE + 2));
        insta::assert_snapshot!(text.replace("\r\n", "\n"));
    }

    #[test]
    fn words_cannot_end_a_line_and_no_character_is_parted() {
        let words =
            CalendarWords { file: "batas".into(), summary: "a\r\nATTACH:x".into(), description: "é".repeat(100) };
        let text = write(&deadline(), &words);
        assert!(text.contains("SUMMARY:a\\nATTACH:x\r\n"), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(&"é".repeat(100)));
        assert!(text.split("\r\n").all(|line| line.len() <= LINE));
    }
}
