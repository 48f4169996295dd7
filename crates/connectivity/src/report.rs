//! A finished check as text: for the terminal, for "copy details" (support reads it), as JSON.
//!
//! No personal data: no network name, no address or name of this computer, nothing that was typed. What is there is
//! central's host, the app's version, the operating system, times and figures.

use std::fmt::Write;

use jiff::Timestamp;

use crate::check::CheckReport;
use crate::stage::{Stage, StageReport, StageState};
use crate::statistics::Figures;
use crate::verdict::Verdict;
use crate::words::Language;

/// What `prakerja check` prints.
pub fn terminal(report: &CheckReport, language: Language) -> String {
    let mut text = String::new();
    if let Some(verdict) = report.verdict {
        let (heading, sentence) = language.verdict(verdict);
        let _ = writeln!(text, "{heading}\n{sentence}");
        let sending = report.figures.as_ref().and_then(|figures| figures.photo_s);
        if let (Verdict::Usable, Some(seconds)) = (verdict, sending) {
            let _ = writeln!(text, "{}", language.sending(seconds));
        }
        text.push('\n');
    }
    for stage in &report.stages {
        let mark = match stage.state {
            StageState::Passed => "✓",
            StageState::Failed => "✗",
            StageState::Running => "…",
            StageState::Waiting | StageState::Skipped => "–",
        };
        let name = language.stage(stage.stage);
        let time = stage.ms.map(|ms| language.took(ms)).unwrap_or_default();
        let line = format!("  {mark} {name:<20}{time:>9}  {}", fact(stage, language));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if let Some(figures) = &report.figures {
        let _ = writeln!(text, "\n  {}", summary(figures, language));
    }
    let _ = writeln!(text, "\n{}", language.safe());
    text
}

/// What "copy details" copies.
pub fn details(report: &CheckReport, language: Language) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name}: {value}");
    };
    line(language.pick("Cek koneksi", "Connection check"), moment(report.started_at));
    line(language.pick("Aplikasi", "App"), format!("{} ({})", report.app_version, std::env::consts::OS));
    line(language.pick("Pusat", "Office"), report.host.clone());
    if let Some(verdict) = report.verdict {
        let code = serde_json::to_value(verdict).ok();
        let code = code.as_ref().and_then(|code| code.as_str()).unwrap_or_default();
        line(language.pick("Hasil", "Result"), format!("{} ({code})", language.verdict(verdict).0));
        line(language.pick("Pendaftaran", "Sign-up"), language.sign_up(report.sign_up).into());
    }
    for stage in &report.stages {
        let time = stage.ms.map(|ms| language.took(ms)).unwrap_or_default();
        let parts = [language.state(stage.state).to_owned(), time, fact(stage, language)];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        line(language.stage(stage.stage), parts.join(" · "));
    }
    if let Some(figures) = &report.figures {
        line(language.pick("Angka", "Figures"), summary(figures, language));
        let more = [
            format!("jitter {} ms", language.number(figures.jitter_ms, 0)),
            format!("{} {}", language.pick("diduga kirim ulang", "suspected resends"), figures.suspected_retransmits),
            figures.cold_connect_ms.map_or_else(String::new, |ms| {
                format!("{} {} ms", language.pick("sambungan baru", "new connection"), language.number(ms, 0))
            }),
        ];
        let more: Vec<_> = more.into_iter().filter(|part| !part.is_empty()).collect();
        line(language.pick("Angka lain", "More figures"), more.join(" · "));
    }
    if let Some(skew) = report.clock_skew_ms {
        line(language.pick("Selisih jam", "Clock difference"), language.difference(skew));
    }
    text
}

/// The whole report as JSON, the shape of `prakerja check --json`.
pub fn json(report: &CheckReport) -> serde_json::Result<String> {
    serde_json::to_string_pretty(report)
}

fn moment(ms: i64) -> String {
    // Seconds of a wall clock that may be wrong by years; what is no date is shown as the number it is.
    Timestamp::from_second(ms.div_euclid(1_000)).map_or_else(|_| ms.to_string(), |moment| moment.to_string())
}

fn fact(stage: &StageReport, language: Language) -> String {
    match (stage.stage, stage.fact.as_deref()) {
        (_, None) => String::new(),
        (Stage::Secure, Some("loopback")) => language.pick("di komputer ini", "on this computer").into(),
        (Stage::Reach, Some("ipv4")) => "IPv4".into(),
        (Stage::Reach, Some("ipv6")) => "IPv6".into(),
        (Stage::Upload, Some(bps)) => bps.parse().map_or_else(|_| bps.to_owned(), |bps| speed(bps, language)),
        (_, Some(fact)) => fact.to_owned(),
    }
}

/// Below 1 Mbit/s in kbit/s.
fn speed(bps: f64, language: Language) -> String {
    if bps < 1e6 {
        format!("{} kbit/s", language.number(bps / 1e3, 0))
    } else {
        format!("{} Mbit/s", language.number(bps / 1e6, 1))
    }
}

fn summary(figures: &Figures, language: Language) -> String {
    // Nothing came back: there is no time to tell.
    let none = figures.failed == figures.tries;
    let ms = |ms: f64| if none { "–".to_owned() } else { format!("{} ms", language.number(ms, 0)) };
    let mut parts = vec![
        format!("{} {}", language.pick("biasanya", "typical"), ms(figures.median_ms)),
        format!("{}: {}", language.pick("lambat (1 dari 20)", "slow (1 in 20)"), ms(figures.p95_ms)),
        match language {
            Language::Indonesian => format!("gagal {} dari {}", figures.failed, figures.tries),
            Language::English => format!("{} of {} failed", figures.failed, figures.tries),
        },
    ];
    if let Some(seconds) = figures.photo_s {
        parts.push(match language {
            Language::Indonesian => format!("kirim foto ± {} detik", language.number(seconds.ceil(), 0)),
            Language::English => format!("photo about {} s", language.number(seconds.ceil(), 0)),
        });
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Sample;
    use crate::target::{Options, Target};
    use crate::verdict::{SignUp, sign_up_policy};

    fn report() -> CheckReport {
        let target = Target::parse("https://api.example.id").unwrap();
        let mut report = CheckReport::new(&target, &Options::new("0.1.0"));
        let rows = [
            (StageState::Passed, Some(24), Some("api.example.id")),
            (StageState::Passed, Some(61), Some("ipv4")),
            (StageState::Passed, Some(88), Some("Contoh Authority")),
            (StageState::Passed, Some(180), None),
            (StageState::Skipped, None, None),
            (StageState::Passed, Some(12_345), Some("2/3")),
            (StageState::Passed, Some(5_100), Some("812345")),
        ];
        for (stage, (state, ms, fact)) in report.stages.iter_mut().zip(rows) {
            *stage = StageReport { stage: stage.stage, state, ms, fact: fact.map(str::to_owned) };
        }
        report.running = false;
        report.samples = vec![Sample::took(180.0), Sample::FAILED, Sample::took(640.5)];
        report.samples_planned = 3;
        let mut figures = Figures::of(&report.samples);
        figures.cold_connect_ms = Some(150.2);
        figures.set_upload(812_345.0, 1_500_000);
        figures.photo_s = Some(14.77);
        report.figures = Some(figures);
        report.verdict = Some(Verdict::Usable);
        report.sign_up = SignUp::Open;
        report.clock_skew_ms = Some(-420);
        report.started_at = 1_795_000_000_123;
        report.finished_at = Some(1_795_000_018_000);
        report
    }

    #[test]
    fn json_keeps_its_shape() {
        insta::assert_snapshot!("check_json", json(&report()).unwrap());
    }

    #[test]
    fn terminal_in_both_languages() {
        insta::assert_snapshot!("terminal_id", terminal(&report(), Language::Indonesian));
        insta::assert_snapshot!("terminal_en", terminal(&report(), Language::English));
    }

    #[test]
    fn details_in_both_languages() {
        let text = |language| details(&report(), language).replace(std::env::consts::OS, "SYSTEM");
        insta::assert_snapshot!("details_id", text(Language::Indonesian));
        insta::assert_snapshot!("details_en", text(Language::English));
    }

    #[test]
    fn every_verdict_has_words_of_its_own_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for language in [Language::Indonesian, Language::English] {
            for verdict in Verdict::ALL {
                let (heading, sentence) = language.verdict(verdict);
                assert!(seen.insert(heading) && seen.insert(sentence), "{verdict:?} {language:?}");
                let report = CheckReport { verdict: Some(verdict), sign_up: sign_up_policy(verdict), ..report() };
                assert!(terminal(&report, language).starts_with(heading));
                assert!(details(&report, language).contains(heading));
            }
        }
        assert_eq!(seen.len(), 48);
    }

    /// The words themselves, to be read by people.
    #[test]
    fn the_words_of_every_verdict() {
        let mut text = String::new();
        for verdict in Verdict::ALL {
            for language in [Language::Indonesian, Language::English] {
                let (heading, sentence) = language.verdict(verdict);
                let _ = writeln!(text, "{verdict:?}: {heading} | {sentence}");
            }
        }
        insta::assert_snapshot!("verdicts", text);
    }

    #[test]
    fn a_slow_line_says_how_long_it_takes() {
        let says = |photo_s, language| {
            let mut report = report();
            report.figures.as_mut().unwrap().photo_s = Some(photo_s);
            terminal(&report, language).lines().nth(2).unwrap().to_owned()
        };
        assert_eq!(says(14.0, Language::Indonesian), "Mengirim foto bisa makan waktu sekitar 14 detik.");
        assert_eq!(says(91.0, Language::Indonesian), "Mengirim foto bisa makan waktu sekitar 2 menit.");
        assert_eq!(says(290.0, Language::English), "Sending a photo may take about 5 min.");
    }

    #[test]
    fn clocks_differ_in_a_unit_that_says_something() {
        let rows = [
            (400, "0,4 detik", "0.4 s"),
            (-45_000, "-45 detik", "-45 s"),
            (-600_000, "-10 menit", "-10 min"),
            (5 * 3_600_000, "5 jam", "5 h"),
            (3 * 86_400_000, "3 hari", "3 d"),
            (-7 * 365 * 86_400_000, "-7 tahun", "-7 y"),
        ];
        for (ms, id, en) in rows {
            assert_eq!((Language::Indonesian.difference(ms), Language::English.difference(ms)), (id.into(), en.into()));
        }
    }

    #[test]
    fn without_any_answer_there_is_no_usual_time() {
        let figures = Figures::of(&[Sample::FAILED; 3]);
        let text = summary(&figures, Language::Indonesian);
        assert_eq!(text, "biasanya – · lambat (1 dari 20): – · gagal 3 dari 3");
    }

    #[test]
    fn slow_uploads_and_odd_times_are_readable() {
        assert_eq!(speed(12_345_678.0, Language::Indonesian), "12,3 Mbit/s");
        assert_eq!(speed(812_345.0, Language::Indonesian), "812 kbit/s");
        assert_eq!(speed(99_400.0, Language::English), "99 kbit/s");
        assert_eq!(moment(1_795_000_000_123), "2026-11-18T11:06:40Z");
        assert_eq!(moment(i64::MAX), i64::MAX.to_string());
    }
}
