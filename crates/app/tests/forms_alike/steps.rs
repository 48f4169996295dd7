//! The steps of a registration: the consents of the match, the face check and a wave, and the code from the SMS.

use std::collections::BTreeMap;
use std::sync::Arc;

use prakerja_app::ipc::IpcError;
use prakerja_app::ipc::wave::WavesView;
use prakerja_app::{ProfileField, Uuid};
use prakerja_central::registration::forced;
use prakerja_domain::registration::{Facts, RegistrationState, TestProgress};
use prakerja_domain::scheme::{SCHEME_2023, Scheme};
use prakerja_protocol::application::WaveJoin;
use prakerja_protocol::problem::Problem;
use prakerja_protocol::registration::{ConfirmPhone, ConsentGiven, IdentitySubmit, NewFaceSession};
use prakerja_store::kind;
use prakerja_testkit::central::Central;
use secrecy::ExposeSecret as _;
use serde_json::{Value, to_value};
use tempfile::TempDir;

use super::support::person::{WHOLE, profile, save, sign_up, state};
use super::support::process::Process;
use super::support::queue::{answered, smuggle, store, verdicts};
use super::support::wait::until;
use super::support::{FakeKeyring, Mood};
use super::table::{Asked, Bad, rows};
use super::{alike, by_central, kept};

const RINA: &str = "rina.m@contoh.id";
/// Rina's, as central has it.
const PHONE: &str = "+6281234567890";
/// The demo's open wave.
const OPEN: u32 = 73;
/// What was agreed to, as central keeps it.
const CONSENTS: &str = "select json_group_array(consent) from consent where consent like 'registration.%'";
/// The code to the phone, as central keeps it.
const CODES: &str = "select json_group_array(json_array(hex(code_mac), sent_at, expires_at, resends_left, wrong_codes,
                                                        hex(wrong_mac), hex(confirmed_by))) from phone_code";

/// A central, a computer, and the rules that hold.
struct Desk {
    central: Central,
    folder: TempDir,
    keyring: Arc<FakeKeyring>,
    scheme: Scheme,
}

impl Desk {
    async fn new() -> Self {
        Self {
            central: Central::start().await.unwrap(),
            folder: tempfile::tempdir().unwrap(),
            keyring: FakeKeyring::new(Mood::Working),
            scheme: Scheme::read(SCHEME_2023).unwrap(),
        }
    }

    async fn open(&self) -> Process {
        Process::start(self.folder.path(), &self.keyring, self.central.base_url()).await
    }

    /// Consents as they travel: in the scheme's present words, where it has them.
    fn given(&self, ticked: &[String]) -> Vec<ConsentGiven> {
        let sent = |id: &String| {
            let known = self.scheme.consents.iter().find(|it| it.id == *id);
            let version = known.map_or("1", |it| it.version.as_str()).to_owned();
            ConsentGiven { id: id.clone(), version, given_at: 1 }
        };
        ticked.iter().map(sent).collect()
    }

    /// Why central refuses a request.
    async fn asked(&self, path: &str, token: &str, body: &impl serde::Serialize) -> Problem {
        by_central(&self.central, path, Some(token), body).await
    }

    /// Why central refuses commands of a kind that the app would never make, in their order. The app is closed.
    async fn queued(&self, kind: &str, payloads: Vec<Value>) -> Vec<Problem> {
        let commands: Vec<_> = payloads.into_iter().map(|payload| (kind, payload)).collect();
        smuggle(self.folder.path(), &self.keyring, &commands).await;
        answered(self.folder.path(), &self.keyring, &self.central).await.quit().await;
        let verdicts = verdicts(self.folder.path(), &self.keyring, kind).await;
        assert_eq!(verdicts.len(), commands.len());
        let refused = |(status, problem): (String, Option<Problem>)| {
            assert_eq!(status, "rejected", "{problem:?}");
            problem.unwrap()
        };
        verdicts.into_values().map(refused).collect()
    }

    async fn kept(&self, statement: &'static str) -> String {
        kept(&self.central, statement).await
    }

    /// The app of somebody whose registration stands as these facts say, and the token of the session. The app is closed
    /// before.
    async fn standing(&self, facts: Facts) -> (Process, String) {
        let store = store(self.folder.path(), &self.keyring).await;
        let account = store.current_account().await.unwrap().unwrap();
        store.close().await;
        forced::facts(self.central.state().unwrap(), account.id, facts).await.unwrap();
        let process = self.open().await;
        reaches(&process, facts.state()).await;
        (process, account.tokens.unwrap().access.expose_secret().to_owned())
    }
}

/// Waits until central's word has come.
async fn reaches(process: &Process, wanted: RegistrationState) {
    until("the registration moves on", || async { (state(process).await.registration == Some(wanted)).then_some(()) })
        .await;
}

/// Nothing waits to be sent.
async fn nothing_waits(process: &Process) {
    assert_eq!(state(process).await.sync.waiting, 0);
}

/// The waves, once the open one may be joined.
async fn waves(process: &Process) -> WavesView {
    until("the wave is here", || async {
        let view = process.ask(|app| async move { app.get_waves().await }).await.unwrap();
        view.waves.iter().any(|row| row.number == OPEN && row.joinable).then_some(view)
    })
    .await
}

/// Each row with what the app said of it and what central said.
fn all_alike(bads: &[Bad], by_app: &[IpcError], by_central: &[Problem]) {
    for ((bad, by_app), by_central) in bads.iter().zip(by_app).zip(by_central) {
        alike(bad, by_app, by_central);
    }
}

/// The consents of the match with the civil registry. Afterwards it has matched.
async fn identity(desk: &Desk) {
    let process = desk.open().await;
    sign_up(&process, &desk.central, RINA).await;
    for (field, value) in WHOLE {
        // The sandbox's registry knows a number that ends in 1.
        let value = if field == ProfileField::Nik { "7171014102030001" } else { value };
        save(&process, field, value.to_owned()).await;
    }
    let typed = profile(&process).await.values;
    let bads = rows(Asked::Identity);
    let mut by_app = Vec::new();
    for bad in &bads {
        let ticked = bad.given.clone();
        by_app.push(process.ask(|app| async move { app.submit_identity(ticked).await }).await.unwrap_err());
        nothing_waits(&process).await;
    }
    process.quit().await;
    let submit = |bad: &Bad| to_value(IdentitySubmit { consents: desk.given(&bad.given) }).unwrap();
    all_alike(&bads, &by_app, &desk.queued(kind::IDENTITY_SUBMIT, bads.iter().map(submit).collect()).await);

    assert_eq!(desk.kept(CONSENTS).await, "[]");
    let process = desk.open().await;
    let view = process.ask(|app| async move { app.get_registration().await }).await.unwrap();
    assert_eq!((view.state, view.identity), (RegistrationState::NotStarted, None), "the registry was not asked");
    assert_eq!(profile(&process).await.values, typed);
    let ticked = vec!["data_matching".to_owned()];
    process.ask(|app| async move { app.submit_identity(ticked).await }).await.unwrap();
    reaches(&process, RegistrationState::ProfileCompleted).await;
    let view = process.ask(|app| async move { app.get_registration().await }).await.unwrap();
    assert_eq!(view.identity.unwrap().tries_left + 1, desk.scheme.identity.max_tries, "no try was lost");
    process.quit().await;
}

/// The consent of the face check.
async fn face(desk: &Desk, complete: Facts) {
    let facts = Facts { face: None, phone: None, declarations: None, test: None, ..complete };
    let agreed = desk.kept(CONSENTS).await;
    let (process, token) = desk.standing(facts).await;
    for bad in rows(Asked::Face) {
        let ticked = bad.given.clone();
        let by_app = process.ask(|app| async move { app.start_face_check(ticked).await }).await.unwrap_err();
        let consents = desk.given(&bad.given).into_iter().map(|it| (it.id, it.version)).collect();
        alike(&bad, &by_app, &desk.asked("/v1/face/sessions", &token, &NewFaceSession { consents }).await);
    }
    assert_eq!(desk.kept("select json_group_array(hex(attempt)) from face_check").await, "[]");
    assert_eq!(desk.kept(CONSENTS).await, agreed);
    let view = process.ask(|app| async move { app.get_registration().await }).await.unwrap();
    assert_eq!((view.state, view.face), (facts.state(), None), "the provider was not asked");
    process.quit().await;
}

/// The code to the phone. Afterwards the right one verifies it.
async fn phone(desk: &Desk, complete: Facts) {
    let (process, token) = desk.standing(Facts { phone: None, declarations: None, test: None, ..complete }).await;
    process.ask(|app| async move { app.send_phone_code().await }).await.unwrap();
    let code = desk.central.code_for(PHONE).await.unwrap();
    reaches(&process, RegistrationState::PhoneOtpSent).await;
    let awaited = async || process.ask(|app| async move { app.get_phone_code().await }).await.unwrap();
    let before = (awaited().await, desk.kept(CODES).await);
    assert!(before.0.code.is_some());
    for bad in rows(Asked::PhoneCode) {
        let typed = bad.typed();
        let body = ConfirmPhone { code: typed.clone() };
        let by_app = process.ask(|app| async move { app.confirm_phone_code(&typed).await }).await.unwrap_err();
        alike(&bad, &by_app, &desk.asked("/v1/phone/confirm", &token, &body).await);
        assert_eq!((awaited().await, desk.kept(CODES).await), before, "{:?}", bad.given);
    }
    process.ask(|app| async move { app.confirm_phone_code(&code).await }).await.unwrap();
    reaches(&process, RegistrationState::PhoneVerified).await;
    process.quit().await;
}

/// The agreement of a wave. Afterwards it is joined.
async fn join(desk: &Desk, complete: Facts) {
    let agreed = desk.kept(CONSENTS).await;
    let (process, _) = desk.standing(complete).await;
    waves(&process).await;
    let confirmed = profile(&process).await.values;
    let bads = rows(Asked::Join);
    let mut by_app = Vec::new();
    for bad in &bads {
        let ticked = bad.given.clone();
        let joined = process.ask(|app| async move { app.join_wave(OPEN, ticked, BTreeMap::new()).await }).await;
        by_app.push(joined.unwrap_err());
        nothing_waits(&process).await;
    }
    process.quit().await;
    let join = |bad: &Bad| {
        let consents = desk.given(&bad.given);
        to_value(WaveJoin { application: Uuid::now_v7(), wave: OPEN, consents, answers: Vec::new() }).unwrap()
    };
    all_alike(&bads, &by_app, &desk.queued(kind::WAVE_JOIN, bads.iter().map(join).collect()).await);

    assert_eq!(desk.kept(CONSENTS).await, agreed);
    let process = desk.open().await;
    let view = waves(&process).await;
    assert_eq!(view.application.and_then(|mine| mine.state), None, "nobody has joined");
    assert_eq!(profile(&process).await.values, confirmed);
    let ticked = vec!["card_agreement".to_owned(), "return_if_wrong".to_owned()];
    process.ask(|app| async move { app.join_wave(OPEN, ticked, BTreeMap::new()).await }).await.unwrap();
    until("central has the application", || async {
        let view = process.ask(|app| async move { app.get_waves().await }).await.unwrap();
        view.application.and_then(|mine| mine.state)
    })
    .await;
    process.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_steps_of_a_registration_are_refused_alike() {
    let desk = Desk::new().await;
    let complete = Facts::complete(TestProgress::Passed);
    identity(&desk).await;
    face(&desk, complete).await;
    phone(&desk, complete).await;
    join(&desk, complete).await;
}
