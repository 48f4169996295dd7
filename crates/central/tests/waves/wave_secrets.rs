//! The secret of a wave's blinds: for an auditor in a private file, and gone for ever when its time is over.

use prakerja_central::office::{audit, cases, wave_secrets};
use prakerja_central::waves::selection::{self, Due};
use prakerja_central::waves::{BlindCheck, Recomputed};
use prakerja_selection::WaveSecret;
use serde_json::Value;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close};
use crate::started::*;

const DAY: i64 = 24 * 3_600_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_auditor_recomputes_blinds_until_it_is_destroyed() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret.json");
    let export = async |wave| wave_secrets::export(at, wave, &file).await.map_err(|error| error.code());
    assert_eq!(export(OPEN).await, Err("no-secret"));
    assert_eq!(export(999).await, Err("wave-unknown"));
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    let number = case_number(&person).await;
    export(OPEN).await.unwrap();
    assert_eq!(export(OPEN).await, Err("file"), "what is there stays");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The auditor's own computation.
    let exported: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let secret: [u8; 32] = hex(exported["secret"].as_str().unwrap()).try_into().unwrap();
    let of_person = records(&person).await.into_iter().find(|record| record.kind == "application").unwrap();
    let blind = WaveSecret::from_bytes(secret).blind(of_person.id.as_bytes());
    assert_eq!(application(&person).await.blind, blind.to_string());
    let seen = async || cases::show(at, &number).await.unwrap().blinds;
    assert_eq!(seen().await, [BlindCheck { wave: OPEN, recomputed: Recomputed::Fits }]);

    let destroy =
        async |confirm, force| wave_secrets::destroy(at, OPEN, confirm, force).await.map_err(|error| error.code());
    assert_eq!(destroy(OPEN, Some("Diminta.")).await, Err("not-published"), "not even with a reason");
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    assert_eq!(destroy(OPEN, Some("Diminta.")).await, Err("not-published"));
    selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    let published = selection::progress(at, OPEN).await.unwrap().published_at.unwrap();
    at.clock.advance_ms(published + 365 * DAY - 1 - at.clock.now_ms());
    let cases = [(OPEN, None, "too-early"), (ANNOUNCED, None, "confirm"), (OPEN, Some(" "), "reason")];
    for (confirm, force, word) in cases {
        assert_eq!(destroy(confirm, force).await, Err(word), "{confirm} {force:?}");
    }
    assert_eq!(seen().await, [BlindCheck { wave: OPEN, recomputed: Recomputed::Fits }], "nothing was destroyed");
    at.clock.advance_ms(1);
    assert_eq!(destroy(OPEN, None).await, Ok(()));
    assert_eq!(destroy(OPEN, None).await, Err("destroyed"));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(export(OPEN).await, Err("destroyed"));
    assert_eq!(seen().await, [BlindCheck { wave: OPEN, recomputed: Recomputed::SecretDestroyed }]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_its_time_it_is_destroyed_with_a_reason_that_the_log_keeps() {
    let central = Started::sqlite().await;
    let at = &central.central;
    joined(&applicant(&central).await, OPEN).await;
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    let data = central.folder.path().to_str().unwrap();
    let wave = OPEN.to_string();
    let office = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_prakerja-central"));
        command.arg("wave-secret").args(arguments).args(["--data", data]).output().unwrap()
    };
    assert!(!office(&["destroy", &wave]).status.success(), "--confirm is needed");
    // Commands have the computer's clock; the results were published by the test's.
    let forced = office(&["destroy", &wave, "--confirm", &wave, "--force", "Putusan pengadilan."]);
    assert!(forced.status.success(), "{}", String::from_utf8_lossy(&forced.stderr));
    let rows = audit::list(at, 0, 100).await.unwrap();
    let of_it: Vec<_> = rows
        .iter()
        .filter(|row| row.what == "wave-secret.destroy")
        .map(|row| (row.subject.as_str(), row.outcome.as_str()))
        .collect();
    let subject = format!("wave {OPEN}, forced: Putusan pengadilan.");
    assert_eq!(of_it, [(subject.as_str(), "begun"), (subject.as_str(), "done")]);
    central.stop().await;
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
