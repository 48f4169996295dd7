//! A draw recomputed on the person's computer: what is right is verified, and everything that was changed is found.

use prakerja_app::App;
use prakerja_app::ipc::ErrorCode;
use prakerja_app::ipc::wave::{
    CardOnList, EarlierFailure, ProofPart, Sealed, SelectionProof, SelectionRow, VoidedDraw,
};
use prakerja_domain::registration::Facts;
use prakerja_selection::{
    Application, Beacon, Blind, ClassRule, Commitment, DrawResult, List, RegionRule, Reveal, Rules, Seed, VERSION,
    WaveSecret, draw,
};
use serde_json::{Value, json};

use super::desk::{DAY, Desk, NOW, complete, profile};
use super::stub::{Say, Stub};

/// Everything that is published.
struct Published {
    commitment: Commitment,
    list: Vec<u8>,
    result: DrawResult,
    accepted: Vec<u8>,
    order: Vec<u32>,
    people: List,
}

fn blind(n: u8) -> Blind {
    WaveSecret::from_bytes([7; 32]).blind(&[n; 16])
}

fn publish(quota: u64, seed: u8) -> Published {
    publish_due(quota, seed, NOW + 1)
}

fn publish_due(quota: u64, seed: u8, due_at_ms: i64) -> Published {
    publish_of(quota, seed, due_at_ms, 1)
}

/// The last is how many places the card of 5 and 6 has left.
fn publish_of(quota: u64, seed: u8, due_at_ms: i64, free: u8) -> Published {
    let class = |name: &str| ClassRule { name: name.into(), quota: None };
    let region = |code: &str| RegionRule { code: code.into(), quota: None };
    let rules = Rules {
        version: VERSION,
        wave: 71,
        scheme: "2023".into(),
        quota,
        classes: vec![class("whitelisted_laid_off"), class("general")],
        regions: vec![region("21"), region("51")],
        family_max: 2,
    };
    let application = |n: u8| Application {
        blind: blind(n),
        class: u8::from(n > 3),
        region: u16::from(n % 2),
        // 5 and 6 share a card, of which somebody is a participant already.
        family_card: if n == 6 { 5 } else { n },
        family_free: if n == 5 || n == 6 { free } else { 2 },
    };
    let people = List::new(rules, (1..=9).map(application).collect()).unwrap();
    let seed = Seed::from_bytes([seed; 32]);
    let beacon = Beacon { description: "an invented value".into(), due_at_ms };
    let commitment = Commitment::new(&people, &seed, beacon, due_at_ms - 1).unwrap();
    let reveal = Reveal { seed, beacon_value: "712345".into() };
    let drawn = draw(&commitment, &people, &reveal).unwrap();
    Published {
        list: people.encode(),
        result: DrawResult::new(&commitment, &people, &reveal, &drawn).unwrap(),
        accepted: drawn.accepted(71),
        order: drawn.order().to_vec(),
        commitment,
        people,
    }
}

impl Published {
    /// Place of a person in the order, from 1.
    fn position(&self, n: u8) -> u64 {
        let index = self.people.entries().iter().position(|entry| entry.blind == blind(n)).unwrap();
        self.order.iter().position(|other| *other as usize == index).unwrap() as u64 + 1
    }

    fn wave(&self, is_published: bool) -> Value {
        let list = zstd::bulk::compress(&self.list, 3).unwrap();
        json!([{ "number": 71, "opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY, "scheme": "2023", "quota": 4,
            "drawing": if is_published { "published" } else { "committed" },
            "selection": { "commitment": self.commitment.digest.to_string(), "entries": 9, "list_bytes": list.len() + 512,
                "committed_at": NOW, "published_at": is_published.then_some(NOW + DAY) } }])
    }

    /// The request for a file.
    fn address(&self, name: &str) -> String {
        format!("GET /v1/waves/71/selection/{}/{name}", self.commitment.digest)
    }

    fn files(&self) -> [(&'static str, &'static str, Vec<u8>); 4] {
        [
            ("commitment.json", "application/json", self.commitment.to_json()),
            ("list.bin.zst", "application/zstd", zstd::bulk::compress(&self.list, 3).unwrap()),
            ("result.json", "application/json", self.result.to_json()),
            ("accepted.bin", "application/octet-stream", self.accepted.clone()),
        ]
    }
}

/// Serves files at the address of a draw.
fn serve(stub: &Stub, draw: &Published, files: &[(&'static str, &'static str, Vec<u8>)]) {
    for (name, kind, bytes) in files {
        stub.says(&draw.address(name), vec![Say::File(kind, bytes.clone())]);
    }
}

/// The application of person 5, who is of the general class and of Bali.
fn application(published: &Published, state: &str) -> Value {
    let drawn = (state != "processing").then(|| {
        json!({ "position": published.position(5), "of": 9, "published_at": NOW + DAY,
            "passed_over": (state == "not_accepted").then_some("total_full") })
    });
    json!({ "wave": 71, "state": state, "counted": "in_time", "received_at": NOW - 2 * DAY,
        "blind": blind(5).to_string(), "class": "general", "region": "51", "drawn": drawn })
}

/// A desk that saw the commitment before the draw.
async fn desk(stub: &Stub, published: &Published) -> Desk {
    let desk = Desk::at(stub.url.clone()).await;
    desk.told(&[("profile", 1, profile()), ("application", 7, application(published, "processing"))]).await;
    desk.registered(complete()).await;
    desk.waves(published.wave(false)).await;
    desk
}

async fn verify(app: &App) -> SelectionProof {
    let waves = app.verify_selection(71).await.unwrap().waves;
    waves.into_iter().next().unwrap().selection.unwrap().verified.unwrap()
}

/// What the window shows without a check.
async fn shown(app: &App) -> SelectionRow {
    app.get_waves().await.unwrap().waves.remove(0).selection.unwrap()
}

/// What the list says of the card of 5 and 6.
fn on_list(free: u8) -> Option<CardOnList> {
    Some(CardOnList { free, others: 1 })
}

/// What is fixed before the draw, kept in time.
fn sealed() -> Sealed {
    Sealed {
        beacon: "an invented value".into(),
        beacon_due_at: NOW + 1,
        kept_at: NOW,
        kept_in_time: true,
        kept_short: true,
    }
}

fn outcome(published: &Published) -> &'static str {
    if published.position(5) <= published.result.accepted { "accepted" } else { "not_accepted" }
}

#[tokio::test]
async fn before_the_draw_the_own_entry_is_on_the_list_and_afterwards_everything_fits() {
    let (stub, published) = (Stub::start().await, publish(4, 9));
    let desk = desk(&stub, &published).await;
    let app = desk.open().await;
    let unreachable = app.verify_selection(71).await.unwrap_err();
    assert_eq!(unreachable.code, ErrorCode::Busy, "no connection is no proof against the draw");
    assert_eq!(app.verify_selection(72).await.unwrap_err().code, ErrorCode::NotFound);
    serve(&stub, &published, &published.files());
    let listed = SelectionProof::Listed { at: NOW, entries: 9, off_list: false, card: on_list(1), sealed: sealed() };
    assert_eq!(verify(&app).await, listed);
    app.close().await;

    desk.waves(published.wave(true)).await;
    desk.told(&[("application", 7, application(&published, outcome(&published)))]).await;
    let app = desk.open().await;
    let expected = SelectionProof::Verified {
        at: NOW,
        entries: 9,
        accepted: 4,
        position: Some(published.position(5)),
        mine: Some(outcome(&published) == "accepted"),
        off_list: false,
        beacon: "712345".into(),
        sealed: sealed(),
    };
    assert_eq!(verify(&app).await, expected);
    app.close().await;
    let app = desk.open().await;
    let kept = shown(&app).await;
    assert_eq!(kept.verified, Some(expected), "kept over a restart");
    assert_eq!(kept.commitment, published.commitment.digest.to_string());
    app.close().await;
}

#[tokio::test]
async fn whatever_was_changed_is_found() {
    let published = publish(4, 9);
    let other = publish(4, 10);
    let mut other_list = published.list.clone();
    *other_list.last_mut().unwrap() ^= 1;
    let other_list = zstd::bulk::compress(&other_list, 3).unwrap();
    let flipped = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        bytes
    };
    let with = |name: &str, bytes: Vec<u8>| {
        let mut files = published.files();
        files.iter_mut().find(|file| file.0 == name).unwrap().2 = bytes;
        files
    };
    let mut long = zstd::bulk::compress(&published.list, 3).unwrap();
    long.extend([0; 4_096]);
    let mut bomb = published.list.clone();
    bomb.extend(std::iter::repeat_n(0, 1 << 20));
    let cases = [
        ("another draw altogether", other.files(), ProofPart::OtherCommitment),
        (
            "a byte of the commitment",
            with("commitment.json", flipped(&published.commitment.to_json())),
            ProofPart::CommitmentForm,
        ),
        ("a byte of the list", with("list.bin.zst", other_list), ProofPart::List),
        ("a list that goes on beyond what was said", with("list.bin.zst", long), ProofPart::TooLarge),
        (
            "a list that unpacks to more",
            with("list.bin.zst", zstd::bulk::compress(&bomb, 19).unwrap()),
            ProofPart::List,
        ),
        ("no list at all", with("list.bin.zst", b"<html>".to_vec()), ProofPart::List),
        ("the result of another draw", with("result.json", other.result.to_json()), ProofPart::ResultOfOther),
        ("a byte of who was accepted", with("accepted.bin", flipped(&published.accepted)), ProofPart::Accepted),
    ];
    for (name, files, expected) in cases {
        let stub = Stub::start().await;
        let desk = desk(&stub, &published).await;
        // The commitment is seen before the draw, then the results come.
        desk.open().await.close().await;
        desk.waves(published.wave(true)).await;
        desk.told(&[("application", 7, application(&published, outcome(&published)))]).await;
        let app = desk.open().await;
        serve(&stub, &published, &files);
        let SelectionProof::Failed { part, .. } = verify(&app).await else { panic!("{name} was not found") };
        assert_eq!(part, expected, "{name}");
        app.close().await;
    }
}

#[tokio::test]
async fn a_commitment_that_was_changed_after_it_was_seen_is_found_although_everything_else_fits() {
    let (stub, first, second) = (Stub::start().await, publish(4, 9), publish(4, 10));
    let desk = desk(&stub, &first).await;
    let app = desk.open().await;
    serve(&stub, &first, &first.files());
    assert!(matches!(verify(&app).await, SelectionProof::Listed { .. }));
    app.close().await;
    // Central now tells another story that fits itself.
    desk.waves(second.wave(true)).await;
    desk.told(&[("application", 7, application(&second, outcome(&second)))]).await;
    let app = desk.open().await;
    // It is said although nobody asked, and no earlier proof stands.
    let row = shown(&app).await;
    assert!(matches!(row.verified, Some(SelectionProof::Failed { part: ProofPart::OtherCommitment, .. })));
    assert_eq!(row.commitment, first.commitment.digest.to_string());
    serve(&stub, &second, &second.files());
    assert_eq!(verify(&app).await, SelectionProof::Failed { at: NOW, part: ProofPart::OtherCommitment });
    app.close().await;
}

/// The waves after the draw of `first` was voided; `next` is the draw that follows.
fn voided(first: &Published, next: Option<&Published>, at: i64) -> Value {
    let mut waves = next.map_or_else(|| first.wave(false), |next| next.wave(false));
    if next.is_none() {
        waves[0]["drawing"] = json!("not_begun");
        waves[0]["selection"] = Value::Null;
    }
    waves[0]["voided"] = json!([{ "commitment": first.commitment.digest.to_string(), "committed_at": NOW,
        "beacon_due_at": NOW + 1, "voided_at": at, "reason": "Nilainya hilang." }]);
    waves
}

#[tokio::test]
async fn a_draw_that_is_voided_in_the_open_makes_room_for_another_and_stays_known() {
    let (stub, first, second) = (Stub::start().await, publish(4, 9), publish(4, 10));
    let desk = desk(&stub, &first).await;
    let app = desk.open().await;
    serve(&stub, &first, &first.files());
    assert!(matches!(verify(&app).await, SelectionProof::Listed { .. }));
    app.close().await;

    desk.waves(voided(&first, None, NOW)).await;
    let app = desk.open().await;
    let row = app.get_waves().await.unwrap().waves.remove(0);
    assert_eq!(row.selection, None);
    let expected = VoidedDraw {
        commitment: first.commitment.digest.to_string(),
        committed_at: NOW,
        voided_at: NOW,
        reason: "Nilainya hilang.".into(),
        value_known: false,
        kept_at: Some(NOW),
        heard_at: NOW,
    };
    assert_eq!(row.voided, std::slice::from_ref(&expected));
    app.close().await;

    // The next commitment is kept as a first one, no proof of the old draw stands, and both are shown.
    desk.waves(voided(&first, Some(&second), NOW)).await;
    let app = desk.open().await;
    let row = shown(&app).await;
    assert_eq!((row.commitment, row.verified), (second.commitment.digest.to_string(), None));
    serve(&stub, &second, &second.files());
    let listed = SelectionProof::Listed { at: NOW, entries: 9, off_list: false, card: on_list(1), sealed: sealed() };
    assert_eq!(verify(&app).await, listed);
    app.close().await;
    // Central says no more of it: this computer does.
    desk.waves(second.wave(false)).await;
    let app = desk.open().await;
    assert_eq!(app.get_waves().await.unwrap().waves.remove(0).voided, [expected]);
    app.close().await;
}

#[tokio::test]
async fn a_void_when_the_value_could_be_known_is_said_as_that() {
    let (stub, first) = (Stub::start().await, publish(4, 9));
    let desk = desk(&stub, &first).await;
    desk.waves(voided(&first, None, NOW + 1)).await;
    let app = desk.open().await;
    let row = app.get_waves().await.unwrap().waves.remove(0);
    let [draw] = row.voided.as_slice() else { panic!("one") };
    assert_eq!((draw.value_known, draw.kept_at), (true, None), "heard of together: never kept before");
    app.close().await;
}

#[tokio::test]
async fn a_commitment_that_is_exchanged_first_and_voided_afterwards_is_exchanged() {
    let (stub, first, second) = (Stub::start().await, publish(4, 9), publish(4, 10));
    let desk = desk(&stub, &first).await;
    for waves in [first.wave(false), second.wave(false)] {
        desk.waves(waves).await;
        let app = desk.open().await;
        shown(&app).await;
        app.close().await;
    }
    desk.waves(voided(&first, Some(&second), NOW)).await;
    let app = desk.open().await;
    let row = shown(&app).await;
    assert_eq!(row.commitment, first.commitment.digest.to_string());
    assert!(matches!(row.verified, Some(SelectionProof::Failed { part: ProofPart::OtherCommitment, .. })));
    app.close().await;
}

#[tokio::test]
async fn an_application_that_is_not_listed_or_listed_otherwise_is_found() {
    let published = publish(4, 9);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut told = application(&published, outcome(&published));
        change(&mut told);
        told
    };
    let cases = [
        (with(&|told| told["blind"] = json!(blind(77).to_string())), ProofPart::NotListed),
        (with(&|told| told["class"] = json!("whitelisted_laid_off")), ProofPart::OwnEntry),
        (with(&|told| told["region"] = json!("21")), ProofPart::OwnEntry),
        (with(&|told| told["drawn"]["position"] = json!(published.position(5) % 9 + 1)), ProofPart::OwnPlace),
        (
            with(&|told| {
                let lie = if outcome(&published) == "accepted" { "not_accepted" } else { "accepted" };
                told["state"] = json!(lie);
            }),
            ProofPart::OwnPlace,
        ),
    ];
    for (told, expected) in cases {
        let stub = Stub::start().await;
        let desk = desk(&stub, &published).await;
        desk.waves(published.wave(true)).await;
        desk.told(&[("application", 7, told)]).await;
        let app = desk.open().await;
        serve(&stub, &published, &published.files());
        assert_eq!(verify(&app).await, SelectionProof::Failed { at: NOW, part: expected });
        app.close().await;
    }
}

/// The application of somebody who is not on the list, as central tells of one that it left off.
fn left_off(published: &Published, state: &str) -> Value {
    let mut told = application(published, state);
    told["blind"] = json!(blind(77).to_string());
    told["drawn"] = Value::Null;
    told
}

fn left_off_list() -> SelectionProof {
    SelectionProof::Listed { at: NOW, entries: 9, off_list: true, card: None, sealed: sealed() }
}

#[tokio::test]
async fn whoever_was_rightly_left_off_is_told_so_and_the_rest_is_verified() {
    let (stub, published) = (Stub::start().await, publish(4, 9));
    let desk = desk(&stub, &published).await;
    desk.told(&[("application", 7, left_off(&published, "processing"))]).await;
    serve(&stub, &published, &published.files());
    let app = desk.open().await;
    assert_eq!(
        verify(&app).await,
        SelectionProof::Failed { at: NOW, part: ProofPart::NotListed },
        "no reason was given"
    );
    app.close().await;
    desk.registered(Facts { blocked: true, ..complete() }).await;
    let app = desk.open().await;
    assert_eq!(verify(&app).await, left_off_list());
    app.close().await;

    desk.registered(complete()).await;
    desk.waves(published.wave(true)).await;
    let mut told = left_off(&published, "not_accepted");
    desk.told(&[("application", 7, told.clone())]).await;
    let app = desk.open().await;
    assert_eq!(
        verify(&app).await,
        SelectionProof::Failed { at: NOW, part: ProofPart::NotListed },
        "that it did not take is no reason"
    );
    app.close().await;
    told["left_off"] = json!("excluded");
    desk.told(&[("application", 7, told)]).await;
    let app = desk.open().await;
    let expected = SelectionProof::Verified {
        at: NOW,
        entries: 9,
        accepted: 4,
        position: None,
        mine: None,
        off_list: true,
        beacon: "712345".into(),
        sealed: sealed(),
    };
    assert_eq!(verify(&app).await, expected);
    let earlier = Some(EarlierFailure { at: NOW, part: ProofPart::NotListed });
    assert_eq!(shown(&app).await.failed_before, earlier, "a reason that comes later does not undo a finding");
    let mut accepted = published.accepted.clone();
    *accepted.last_mut().unwrap() ^= 1;
    stub.says(&published.address("accepted.bin"), vec![Say::File("application/octet-stream", accepted)]);
    let SelectionProof::Failed { part, .. } = verify(&app).await else { panic!("a changed byte was not found") };
    assert_eq!(part, ProofPart::Accepted);
    app.close().await;
}

#[tokio::test]
async fn central_cannot_say_one_thing_and_list_another() {
    let published = publish(4, 9);
    let mut on_it = left_off(&published, "not_accepted");
    on_it["blind"] = json!(blind(5).to_string());
    let mut with_place = application(&published, "not_accepted");
    with_place["blind"] = json!(blind(77).to_string());
    let mut excused = application(&published, "processing");
    excused["left_off"] = json!("recipient");
    let cases = [(on_it, ProofPart::OwnPlace), (with_place, ProofPart::NotListed), (excused, ProofPart::OwnEntry)];
    for (told, expected) in cases {
        let stub = Stub::start().await;
        let desk = desk(&stub, &published).await;
        desk.registered(Facts { blocked: true, ..complete() }).await;
        desk.waves(published.wave(true)).await;
        desk.told(&[("application", 7, told)]).await;
        let app = desk.open().await;
        serve(&stub, &published, &published.files());
        assert_eq!(verify(&app).await, SelectionProof::Failed { at: NOW, part: expected });
        app.close().await;
    }
}

#[tokio::test]
async fn a_commitment_that_was_seen_too_late_only_shows_that_the_files_fit() {
    const HOUR: i64 = 3_600_000;
    let cases = [
        (NOW + HOUR, true, false),
        (NOW + HOUR - 1, true, true),
        (NOW + 1, true, true),
        (NOW, false, false),
        (NOW - 1, false, false),
    ];
    for (due_at, in_time, short) in cases {
        let (stub, published) = (Stub::start().await, publish_due(4, 9, due_at));
        let desk = desk(&stub, &published).await;
        desk.waves(published.wave(true)).await;
        desk.told(&[("application", 7, application(&published, outcome(&published)))]).await;
        let app = desk.open().await;
        serve(&stub, &published, &published.files());
        let SelectionProof::Verified { sealed, .. } = verify(&app).await else { panic!("it fits") };
        assert_eq!(
            sealed,
            Sealed { beacon_due_at: due_at, kept_in_time: in_time, kept_short: short, ..self::sealed() }
        );
        app.close().await;
    }
}

#[tokio::test]
async fn a_card_without_a_place_is_told_before_the_draw() {
    for free in [0, 1] {
        let (stub, published) = (Stub::start().await, publish_of(4, 9, NOW + 1, free));
        let desk = desk(&stub, &published).await;
        serve(&stub, &published, &published.files());
        let app = desk.open().await;
        let SelectionProof::Listed { card, .. } = verify(&app).await else { panic!("it is listed") };
        assert_eq!(card, on_list(free));
        app.close().await;
    }
}

#[tokio::test]
async fn a_commitment_of_a_newer_version_asks_for_a_newer_app() {
    let (stub, published) = (Stub::start().await, publish(4, 9));
    let desk = desk(&stub, &published).await;
    let newer = published.commitment.to_json();
    let newer = String::from_utf8(newer).unwrap().replacen(r#""version":1"#, r#""version":2,"hints":[]"#, 1);
    let newer = [("commitment.json", "application/json", newer.into_bytes())];
    serve(&stub, &published, &published.files());
    serve(&stub, &published, &newer);
    let app = desk.open().await;
    assert_eq!(verify(&app).await, SelectionProof::Newer { at: NOW });
    assert_eq!(shown(&app).await.failed_before, None, "nothing was found wrong");
    serve(&stub, &published, &published.files());
    assert!(matches!(verify(&app).await, SelectionProof::Listed { .. }));
    // What could be read once is of no newer version.
    serve(&stub, &published, &newer);
    assert_eq!(verify(&app).await, SelectionProof::Failed { at: NOW, part: ProofPart::CommitmentForm });
    serve(&stub, &published, &published.files());
    assert!(matches!(verify(&app).await, SelectionProof::Listed { .. }));
    let earlier = Some(EarlierFailure { at: NOW, part: ProofPart::CommitmentForm });
    assert_eq!(shown(&app).await.failed_before, earlier);
    app.close().await;
}
