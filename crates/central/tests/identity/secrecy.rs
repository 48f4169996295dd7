//! Nothing personal is readable in central's files, and nothing of it gets into a log, whatever a party answers.

use std::io::Write;
use std::sync::{Arc, Mutex};

use prakerja_central::registration::operator;
use prakerja_domain::registration::{FaceCheck, Facts, IdentityMatch};
use prakerja_protocol::application::AppealSubmit;
use prakerja_protocol::registration::BlockReason;
use prakerja_protocol::sync::Command;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

use crate::adapters::{central, fits};
use crate::applicant::*;
use crate::started::*;
use crate::stub::{Answer, Stub};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_and_logs_hold_nothing_personal() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_env_filter("prakerja_central=trace,sqlx=warn,info")
        .with_ansi(false)
        .with_writer(log.clone())
        .init();
    let (registry, sms) = (Stub::start(fits()).await, Stub::start(Answer::Json(json!({ "accepted": true }))).await);
    let face = Stub::start(Answer::Json(json!({ "id": "sesi-7", "url": "https://wajah.example.org/s/7" }))).await;
    let central = central(Some(&registry), Some(&sms), Some(&face)).await;
    // Both repeat what they were asked in an answer that is none.
    registry.then(Answer::Status(500));
    registry.then(Answer::Garbage);
    sms.then(Answer::Status(400));

    let person = with_profile(&central, &nik(4001)).await;
    person.push(&submit()).await;
    // Each try is due some seconds after the one before.
    while case(&person).await.facts.identity != Some(IdentityMatch::Matched) {
        central.central.clock.advance_ms(1_000);
        tokio::task::yield_now().await;
    }
    let facts =
        Facts { ktp_photo: Some(prakerja_domain::registration::DocumentState::Accepted), ..case(&person).await.facts };
    prakerja_central::registration::forced::facts(&central.central, person.id, facts).await.unwrap();
    ok::<Value>(begin_face(&person, Uuid::new_v4()).await).await;
    let facts = Facts { face: Some(FaceCheck::Verified), ..facts };
    prakerja_central::registration::forced::facts(&central.central, person.id, facts).await.unwrap();
    code_sent(&person).await;
    let code: String = sms.next().await.body["text"].as_str().unwrap().chars().take(6).collect();
    person.push(&declare(&declared(&central))).await;
    operator::block(&central.central, person.id, BlockReason::FalseData, Some("Catatan rahasia kantor".to_owned()))
        .await
        .unwrap();
    let text = "Keberatan yang sangat pribadi".to_owned();
    person.push(&command(&Command::AppealSubmit(AppealSubmit { appeal: Uuid::now_v7(), text }), "appeal")).await;

    let secrets = [
        nik(4001),
        KK.to_owned(),
        PHONE.to_owned(),
        PHONE[3..].to_owned(),
        "Sari Wulandari".to_owned(),
        "Melati Sunyi".to_owned(),
        "2003-02-01".to_owned(),
        "Catatan rahasia".to_owned(),
        "Keberatan yang".to_owned(),
        "wajah.example.org".to_owned(),
        "sesi-7".to_owned(),
        "kunci-uji".to_owned(),
        "truthful".to_owned(),
    ];
    let files: Vec<Vec<u8>> = std::fs::read_dir(central.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        // Folders hold photos, which have tests of their own.
        .filter(|path| path.is_file())
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let written = |needle: &str| files.iter().any(|file| file.windows(needle.len()).any(|w| w == needle.as_bytes()));
    assert!(written("declarations.submit") && written("identity"), "the files that were searched hold the commands");
    for secret in &secrets {
        assert!(!written(secret), "{secret} is in a file");
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("an outside party did not answer") && log.contains("a message was not taken"), "{log}");
    for secret in &secrets {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
    let mut words = log.split(|c: char| !c.is_alphanumeric() && c != '.');
    assert!(!words.any(|word| word == code), "the code is in the log:\n{log}");
    central.stop().await;
}
