//! The audit log: what was changed, removed or cut off is seen.

use prakerja_central::office::audit::{self, Broken};
use prakerja_central::office::{Action, CLI, OfficeError, noted};

use crate::started::*;

async fn filled() -> Started {
    let central = Started::sqlite().await;
    for nth in 0..4 {
        let action = Action { who: CLI.to_owned(), what: "wave.open", subject: format!("wave {nth}") };
        let result = async { if nth == 1 { Err(OfficeError::Rows(Vec::new())) } else { Ok(()) } };
        let _ = noted(&central.central, action, result).await;
    }
    central
}

async fn tamper(central: &Started, sql: &'static str) {
    let mut tx = central.central.db.begin().await.unwrap();
    for trigger in ["drop trigger audit_is_append_only_update", "drop trigger audit_is_append_only_delete", sql] {
        sqlx::query(trigger).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_action_is_there_with_its_outcome() {
    let central = filled().await;
    let rows = audit::list(&central.central, 0, 100).await.unwrap();
    let outcomes: Vec<_> = rows.iter().map(|row| (row.seq, row.subject.as_str(), row.outcome.as_str())).collect();
    let expected = [
        (1, "wave 0", "begun"),
        (2, "wave 0", "done"),
        (3, "wave 1", "begun"),
        (4, "wave 1", "refused: rows"),
        (5, "wave 2", "begun"),
        (6, "wave 2", "done"),
        (7, "wave 3", "begun"),
        (8, "wave 3", "done"),
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(audit::verify(&central.central).await.unwrap(), Ok(8));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_only_grows() {
    let central = filled().await;
    for sql in ["update audit set who = 'x'", "delete from audit where seq = 8"] {
        let mut tx = central.central.db.begin().await.unwrap();
        assert!(sqlx::query(sql).execute(&mut *tx).await.is_err(), "{sql}");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tampering_is_seen() {
    let cases = [
        ("update audit set outcome = 'done' where seq = 4", Broken::Changed(4)),
        ("update audit set who = 'sari' where seq = 1", Broken::Changed(1)),
        ("delete from audit where seq = 3", Broken::Missing(3)),
        ("delete from audit where seq = 8", Broken::CutOff { found: 7, known: 8 }),
        ("delete from audit", Broken::CutOff { found: 0, known: 8 }),
        (
            "insert into audit select 9, at, who, what, subject, outcome, mac from audit where seq = 8",
            Broken::Changed(9),
        ),
    ];
    for (sql, expected) in cases {
        let central = filled().await;
        tamper(&central, sql).await;
        assert_eq!(audit::verify(&central.central).await.unwrap(), Err(expected), "{sql}");
        // Whatever is done afterwards does not heal it.
        let action = Action { who: CLI.to_owned(), what: "wave.open", subject: String::new() };
        audit::append(&central.central, &action, "done").await.unwrap();
        assert!(audit::verify(&central.central).await.unwrap().is_err(), "{sql}");
        central.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_between_the_first_row_and_its_head_breaks_nothing() {
    let central = Started::sqlite().await;
    let head = central.folder.path().join("audit-head");
    let beginning = std::fs::read(&head).expect("written with the database");
    assert_eq!(audit::verify(&central.central).await.unwrap(), Ok(0));
    let action = Action { who: CLI.to_owned(), what: "wave.open", subject: "wave 1".to_owned() };
    audit::append(&central.central, &action, "begun").await.unwrap();
    // As if central had been killed before the head was written.
    std::fs::write(&head, &beginning).unwrap();
    assert_eq!(audit::verify(&central.central).await.unwrap(), Ok(1));
    audit::append(&central.central, &action, "done").await.unwrap();
    assert_ne!(std::fs::read(&head).unwrap(), beginning, "it goes on");
    assert_eq!(audit::verify(&central.central).await.unwrap(), Ok(2));
    std::fs::remove_file(&head).unwrap();
    assert_eq!(audit::verify(&central.central).await.unwrap(), Err(Broken::Head));
    central.stop().await;
}
