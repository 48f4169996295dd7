//! Photos: announced, uploaded in parts, judged, reviewed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_central::config::Review;
use prakerja_central::documents::review::{self, Decision};
use prakerja_central::registration::forced;
use prakerja_domain::registration::{DocumentRefusal, DocumentState, Facts, IdentityMatch, RegistrationState};
use prakerja_photo::specimen::{Specimen, SpecimenFault, card};
use prakerja_photo::{QuarterTurn, prepare};
use prakerja_protocol::application::{NoticeKind, NoticeRecord};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::{DocumentAttach, DocumentKind, DocumentRecord, RegistrationRecord};
use prakerja_protocol::sealed::{self, OpeningKey, Place};
use prakerja_protocol::sync::{Change, Command, CommandEnvelope, CommandStatus, Op};
use prakerja_protocol::upload::{MEDIA_TYPE, NewUpload, UploadStatus};
use reqwest::{Method, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::started::{Person, Started, code, command, config, problem_of, read, refused};

/// Less than any card's photo, and not a power of two.
const PART: usize = 70_000;

/// A sealed photo and its announcement.
pub(crate) struct Sealed {
    pub(crate) attach: DocumentAttach,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn seal(key: &OpeningKey, content: &[u8]) -> Sealed {
    let (document, upload) = (Uuid::now_v7(), Uuid::now_v7());
    let bytes = sealed::seal(&key.public(), Place { document, kind: DocumentKind::KtpPhoto }, content).unwrap();
    let attach = DocumentAttach {
        document,
        upload,
        kind: DocumentKind::KtpPhoto,
        sha256: hex::encode(Sha256::digest(&bytes)),
        bytes: bytes.len() as u64,
        key: key.id(),
    };
    Sealed { attach, bytes }
}

fn prepared(fault: SpecimenFault) -> Vec<u8> {
    prepare(&card(fault, 1), QuarterTurn::None, None).unwrap().jpeg
}

/// A photo that nobody could read: as small as a chat app's thumbnail.
pub(crate) fn thumbnail() -> Vec<u8> {
    Specimen { width: 400, ..Specimen::new(SpecimenFault::None, 1) }.jpeg()
}

pub(crate) fn photo(central: &Started, fault: SpecimenFault) -> Sealed {
    seal(&central.central.secrets.documents[0], &prepared(fault))
}

fn attach(sealed: &Sealed) -> CommandEnvelope {
    command(&Command::DocumentAttach(sealed.attach.clone()), "doc:ktp_photo")
}

fn digest(part: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(part)))
}

fn path(sealed: &Sealed) -> String {
    format!("/v1/uploads/{}", sealed.attach.upload)
}

fn begin(person: &Person, sealed: &Sealed) -> reqwest::RequestBuilder {
    let DocumentAttach { document, bytes, sha256, .. } = sealed.attach.clone();
    person.ask(Method::PUT, &path(sealed)).json(&NewUpload { document, bytes, sha256 })
}

fn part(person: &Person, sealed: &Sealed, offset: usize, part: &[u8]) -> reqwest::RequestBuilder {
    person
        .ask(Method::PATCH, &path(sealed))
        .header("content-type", MEDIA_TYPE)
        .header("upload-offset", offset)
        .header("content-digest", digest(part))
        .body(part.to_vec())
}

fn complete(person: &Person, sealed: &Sealed) -> reqwest::RequestBuilder {
    person.ask(Method::POST, &format!("{}/complete", path(sealed)))
}

/// Announces and sends everything.
async fn send(person: &Person, sealed: &Sealed) {
    assert_eq!(person.push(&attach(sealed)).await.status, CommandStatus::Applied);
    send_announced(person, sealed).await;
}

pub(crate) async fn send_announced(person: &Person, sealed: &Sealed) {
    assert_eq!(begin(person, sealed).send().await.unwrap().status(), StatusCode::CREATED);
    for (number, bytes) in sealed.bytes.chunks(PART).enumerate() {
        let sent = part(person, sealed, number * PART, bytes).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::NO_CONTENT);
    }
    let status: UploadStatus = read(complete(person, sealed)).await;
    assert!(status.complete);
}

/// Newest states of a person's records.
pub(crate) struct Seen {
    changes: Vec<Change>,
}

impl Seen {
    pub(crate) async fn by(person: &Person) -> Self {
        Self { changes: person.pull(None).await.changes }
    }

    pub(crate) fn document(&self, id: Uuid) -> Option<DocumentRecord> {
        let newest = self.changes.iter().rev().find(|change| change.kind == "document" && change.id == id)?;
        (newest.op == Op::Put).then(|| serde_json::from_value(newest.data.clone().unwrap()).unwrap())
    }

    pub(crate) fn documents(&self) -> Vec<Uuid> {
        self.changes.iter().filter(|change| change.kind == "document").map(|change| change.id).collect()
    }

    pub(crate) fn registration(&self) -> RegistrationRecord {
        let newest = self.changes.iter().rev().find(|change| change.kind == "registration").unwrap();
        serde_json::from_value(newest.data.clone().unwrap()).unwrap()
    }

    pub(crate) fn notices(&self) -> Vec<NoticeKind> {
        let notices = self.changes.iter().filter(|change| change.kind == "notice");
        notices
            .map(|change| serde_json::from_value::<NoticeRecord>(change.data.clone().unwrap()).unwrap().what)
            .collect()
    }
}

pub(crate) async fn a_photo_arrives_in_parts_and_is_accepted(central: &Started) {
    let person = central.person().await;
    let photo = photo(central, SpecimenFault::None);
    assert_eq!(person.push(&attach(&photo)).await.status, CommandStatus::Applied);
    let seen = Seen::by(&person).await;
    assert_eq!(seen.document(photo.attach.document).unwrap().state, DocumentState::Awaited);
    assert_eq!(seen.registration().facts.ktp_photo, Some(DocumentState::Awaited));
    // Nothing was matched yet: the photo may come first all the same.
    assert_eq!(seen.registration().state, RegistrationState::NotStarted);

    let first = begin(&person, &photo).send().await.unwrap();
    assert_eq!((first.status(), first.headers()["upload-offset"].to_str().unwrap()), (StatusCode::CREATED, "0"));
    part(&person, &photo, 0, &photo.bytes[..PART]).send().await.unwrap();
    // The same again: where it stands.
    let again: UploadStatus = read(begin(&person, &photo)).await;
    assert_eq!((again.offset, again.bytes, again.complete), (PART as u64, photo.attach.bytes, false));
    let head = person.ask(Method::HEAD, &path(&photo)).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.headers()["upload-offset"].to_str().unwrap(), PART.to_string());
    assert_eq!(head.headers()["upload-length"].to_str().unwrap(), photo.attach.bytes.to_string());

    let early = refused(complete(&person, &photo)).await;
    assert_eq!((early.code, early.details["offset"].clone()), (ProblemCode::UploadOffset, json!(PART)));
    part(&person, &photo, PART, &photo.bytes[PART..]).send().await.unwrap();
    for _ in 0..2 {
        let done: UploadStatus = read(complete(&person, &photo)).await;
        assert!(done.complete, "also the second time");
    }
    let seen = Seen::by(&person).await;
    let record = seen.document(photo.attach.document).unwrap();
    assert_eq!((record.state, record.refusal), (DocumentState::Accepted, None));
    assert_eq!(seen.registration().facts.ktp_photo, Some(DocumentState::Accepted));
    assert_eq!(seen.notices(), [NoticeKind::PhotoAccepted]);

    let preview = format!("/v1/documents/{}/preview", photo.attach.document);
    let picture = person.get(&preview).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/jpeg");
    assert_eq!(picture.headers()["cache-control"], "no-store");
    let jpeg = picture.bytes().await.unwrap();
    assert!(jpeg.len() <= 120_000 && jpeg.starts_with(&[0xFF, 0xD8, 0xFF]));
    let stranger = central.person().await;
    assert_eq!(refused(stranger.get(&preview)).await.code, ProblemCode::NotFound);
    // Done: no other photo is wanted.
    let more = person.push(&attach(&self::photo(central, SpecimenFault::None))).await;
    assert_eq!((more.status, code(&more)), (CommandStatus::Rejected, ProblemCode::StepRefused));
    assert_eq!(more.problem.unwrap().details["refusal"], "done");
}

pub(crate) async fn a_part_counts_whole_or_not_at_all(central: &Started) {
    let person = central.person().await;
    let photo = photo(central, SpecimenFault::None);
    person.push(&attach(&photo)).await;
    begin(&person, &photo).send().await.unwrap();
    let bytes = &photo.bytes[..PART];
    let wrong = part(&person, &photo, 0, bytes).header("content-digest", digest(b"other"));
    // Two headers of a name are as bad as one that does not fit.
    let wrong = {
        let mut request = wrong.build().unwrap();
        request.headers_mut().insert("content-digest", digest(b"other").parse().unwrap());
        person.http.execute(request).await.unwrap()
    };
    assert_eq!(problem_of(wrong).await.code, ProblemCode::DigestMismatch);
    for request in [
        person.ask(Method::PATCH, &path(&photo)).header("content-type", MEDIA_TYPE).body(bytes.to_vec()),
        person.ask(Method::PATCH, &path(&photo)).header("content-type", "text/plain").body(bytes.to_vec()),
        part(&person, &photo, 0, &[]),
    ] {
        assert_eq!(refused(request).await.code, ProblemCode::Malformed);
    }
    let ahead = part(&person, &photo, PART, bytes).send().await.unwrap();
    assert_eq!(ahead.headers()["upload-offset"], "0");
    assert_eq!(problem_of(ahead).await.code, ProblemCode::UploadOffset);
    let status: UploadStatus = read(begin(&person, &photo)).await;
    assert_eq!(status.offset, 0, "nothing of all that was kept");

    assert_eq!(part(&person, &photo, 0, bytes).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let late_copy = refused(part(&person, &photo, 0, bytes)).await;
    assert_eq!((late_copy.code, late_copy.details["offset"].clone()), (ProblemCode::UploadOffset, json!(PART)));
    let too_much = vec![0; photo.bytes.len()];
    assert_eq!(refused(part(&person, &photo, PART, &too_much)).await.code, ProblemCode::TooLarge);

    // All of the right length, each with its digest, and not what was announced.
    let rest = vec![0; photo.bytes.len() - PART];
    part(&person, &photo, PART, &rest).send().await.unwrap();
    assert_eq!(refused(complete(&person, &photo)).await.code, ProblemCode::DigestMismatch);
    let status: UploadStatus = read(begin(&person, &photo)).await;
    assert_eq!((status.offset, status.complete), (0, false), "from the beginning");

    assert_eq!(person.ask(Method::DELETE, &path(&photo)).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(refused(person.get(&path(&photo))).await.code, ProblemCode::UploadGone);
    assert_eq!(begin(&person, &photo).send().await.unwrap().status(), StatusCode::CREATED);
}

pub(crate) async fn what_cannot_be_read_is_refused_with_a_reason(central: &Started) {
    let (own, other) = (central.central.secrets.documents[0].clone(), OpeningKey::generate());
    let whole = prepared(SpecimenFault::None);
    let moved = {
        let mut moved = seal(&own, &whole);
        moved.attach.document = Uuid::now_v7();
        moved
    };
    let mislabelled = {
        let mut sealed = seal(&other, &whole);
        sealed.attach.key = own.id();
        sealed
    };
    let cases = [
        ("too small to read", seal(&own, &thumbnail()), DocumentRefusal::Blurred),
        ("no picture", seal(&own, b"GIF89a"), DocumentRefusal::Format),
        ("cut short", seal(&own, &whole[..whole.len() / 2]), DocumentRefusal::Format),
        ("another document's seal", moved, DocumentRefusal::Damaged),
        ("another key's seal", mislabelled, DocumentRefusal::Damaged),
        ("a key that is gone", seal(&other, &whole), DocumentRefusal::KeyGone),
    ];
    for (name, sealed, refusal) in cases {
        let person = central.person().await;
        assert_eq!(person.push(&attach(&sealed)).await.status, CommandStatus::Applied, "{name}");
        let begun = begin(&person, &sealed).send().await.unwrap();
        if begun.status() == StatusCode::CREATED {
            for (number, bytes) in sealed.bytes.chunks(PART).enumerate() {
                part(&person, &sealed, number * PART, bytes).send().await.unwrap();
            }
            let status: UploadStatus = read(complete(&person, &sealed)).await;
            assert!(status.complete, "{name}");
        } else {
            let status: UploadStatus = begun.json().await.unwrap();
            assert!(status.complete, "{name}: nobody could open it, so nothing is to be sent");
        }
        let seen = Seen::by(&person).await;
        let record = seen.document(sealed.attach.document).unwrap();
        assert_eq!((record.state, record.refusal), (DocumentState::Rejected, Some(refusal)), "{name}");
        assert_eq!(seen.registration().facts.ktp_photo, Some(DocumentState::Rejected), "{name}");
        assert_eq!(seen.notices(), [NoticeKind::PhotoRejected], "{name}");
        // A better one is welcome.
        send(&person, &photo(central, SpecimenFault::None)).await;
        let facts = Seen::by(&person).await.registration().facts;
        assert_eq!(facts.ktp_photo, Some(DocumentState::Accepted), "{name}");
    }
}

pub(crate) async fn an_upload_carries_what_was_announced_and_nothing_else(central: &Started) {
    let (person, stranger) = (central.person().await, central.person().await);
    let photo = photo(central, SpecimenFault::None);
    assert_eq!(refused(begin(&person, &photo)).await.code, ProblemCode::NotFound, "not announced");
    person.push(&attach(&photo)).await;
    assert_eq!(refused(begin(&stranger, &photo)).await.code, ProblemCode::NotFound, "somebody else's");
    let other = NewUpload { document: photo.attach.document, bytes: 5, sha256: photo.attach.sha256.clone() };
    let refusal = refused(person.ask(Method::PUT, &path(&photo)).json(&other)).await;
    assert_eq!(refusal.code, ProblemCode::IdempotencyKeyReused);
    begin(&person, &photo).send().await.unwrap();
    assert_eq!(refused(part(&stranger, &photo, 0, &photo.bytes[..PART])).await.code, ProblemCode::UploadGone);
    assert_eq!(refused(complete(&stranger, &photo)).await.code, ProblemCode::UploadGone);

    let mut huge = seal(&central.central.secrets.documents[0], b"photo");
    huge.attach.bytes = 11 * 1024 * 1024;
    assert_eq!(code(&person.push(&attach(&huge)).await), ProblemCode::TooLarge);
    let again = command(&Command::DocumentAttach(photo.attach.clone()), "doc:ktp_photo");
    assert_eq!(code(&person.push(&again).await), ProblemCode::Malformed, "ids are used once");
    let unsigned = reqwest::Client::new().put(format!("{}{}", central.base, path(&photo))).json(&other);
    assert_eq!(refused(unsigned).await.code, ProblemCode::TokenExpired);
}

pub(crate) async fn a_new_announcement_takes_the_place_of_one_that_never_came(central: &Started) {
    let person = central.person().await;
    let (first, second) = (photo(central, SpecimenFault::None), photo(central, SpecimenFault::None));
    person.push(&attach(&first)).await;
    begin(&person, &first).send().await.unwrap();
    part(&person, &first, 0, &first.bytes[..PART]).send().await.unwrap();
    send(&person, &second).await;
    let seen = Seen::by(&person).await;
    assert_eq!(seen.document(first.attach.document), None, "taken back");
    assert_eq!(seen.document(second.attach.document).unwrap().state, DocumentState::Accepted);
    assert_eq!(refused(person.get(&path(&first))).await.code, ProblemCode::UploadGone);
    assert_eq!(refused(begin(&person, &first)).await.code, ProblemCode::NotFound);
    let left = std::fs::read_dir(central.folder.path().join("uploads")).unwrap().count();
    assert_eq!(left, 0, "its bytes fill no disk");
    let page = person.snapshot(&[]).await;
    let documents: Vec<Uuid> = page.records.iter().filter(|r| r.kind == "document").map(|r| r.id).collect();
    assert_eq!(documents, [second.attach.document]);
}

pub(crate) async fn an_upload_that_expired_is_begun_anew(central: &Started) {
    let person = central.person().await;
    let photo = photo(central, SpecimenFault::None);
    person.push(&attach(&photo)).await;
    begin(&person, &photo).send().await.unwrap();
    part(&person, &photo, 0, &photo.bytes[..PART]).send().await.unwrap();
    central.central.clock.advance_ms(8 * 24 * 60 * 60 * 1_000);
    assert_eq!(refused(person.get(&path(&photo))).await.code, ProblemCode::UploadGone);
    assert_eq!(refused(part(&person, &photo, PART, &photo.bytes[PART..])).await.code, ProblemCode::UploadGone);
    let anew = begin(&person, &photo).send().await.unwrap();
    assert_eq!((anew.status(), anew.headers()["upload-offset"].to_str().unwrap()), (StatusCode::CREATED, "0"));
    part(&person, &photo, 0, &photo.bytes).send().await.unwrap();
    let done: UploadStatus = read(complete(&person, &photo)).await;
    assert!(done.complete);
}

/// After a restore of the database alone there are rows without files, and files that are older than their rows.
pub(crate) async fn an_upload_whose_bytes_are_not_here_is_begun_anew(central: &Started) {
    let files = || {
        let found = std::fs::read_dir(central.folder.path().join("uploads")).unwrap();
        found.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let person = central.person().await;
    let photo = photo(central, SpecimenFault::None);
    person.push(&attach(&photo)).await;
    let gone = || std::fs::remove_file(&files()[0]).unwrap();
    let short = || std::fs::write(&files()[0], &photo.bytes[..PART - 1]).unwrap();
    for lost in [&gone as &dyn Fn(), &short] {
        begin(&person, &photo).send().await.unwrap();
        part(&person, &photo, 0, &photo.bytes[..PART]).send().await.unwrap();
        lost();
        assert_eq!(refused(part(&person, &photo, PART, &photo.bytes[PART..])).await.code, ProblemCode::UploadGone);
        begin(&person, &photo).send().await.unwrap();
        part(&person, &photo, 0, &photo.bytes).send().await.unwrap();
        lost();
        assert_eq!(refused(complete(&person, &photo)).await.code, ProblemCode::UploadGone);
        assert_eq!(refused(person.get(&path(&photo))).await.code, ProblemCode::UploadGone);
        let anew = begin(&person, &photo).send().await.unwrap();
        assert_eq!((anew.status(), anew.headers()["upload-offset"].to_str().unwrap()), (StatusCode::CREATED, "0"));
        person.ask(Method::DELETE, &path(&photo)).send().await.unwrap();
        assert_eq!(files().len(), 0, "what was left of it is tidied up");
    }
    send_announced(&person, &photo).await;
}

pub(crate) async fn an_upload_that_nobody_goes_on_with_gives_way(_: &Started) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    let jpeg = prepared(SpecimenFault::None);
    // Room for a photo and for a part of two others, with something for the seals.
    config.documents.uploads_bytes = (jpeg.len() + 2 * PART + 1_000) as u64;
    let central = Started::open(folder, config).await.unwrap();
    let key = &central.central.secrets.documents[0];
    let mut people = Vec::new();
    for _ in 0..4 {
        let (person, photo) = (central.person().await, seal(key, &jpeg));
        person.push(&attach(&photo)).await;
        people.push((person, photo));
    }
    let [first, second, third, fourth] = &people[..] else { panic!("four") };
    let status = async |(person, photo): &(Person, Sealed)| begin(person, photo).send().await.unwrap().status();
    // Announced and begun is not stored.
    assert_eq!(status(first).await, StatusCode::CREATED);
    assert_eq!(status(second).await, StatusCode::CREATED);
    assert_eq!(status(third).await, StatusCode::CREATED);
    let minute = 60_000;
    for ((person, photo), minutes) in [(first, 20), (second, 20), (third, 19)] {
        let sent = part(person, photo, 0, &photo.bytes[..PART]).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::NO_CONTENT);
        central.central.clock.advance_ms(minutes * minute);
    }
    assert_eq!(refused(begin(&fourth.0, &fourth.1)).await.code, ProblemCode::Busy, "all of them are being sent");
    central.central.clock.advance_ms(minute);
    assert_eq!(status(fourth).await, StatusCode::CREATED, "the first was not gone on with for an hour");
    assert_eq!(refused(first.0.get(&path(&first.1))).await.code, ProblemCode::UploadGone);
    for (person, photo) in [second, third] {
        let goes_on = part(person, photo, PART, &photo.bytes[PART..]).send().await.unwrap();
        assert_eq!(goes_on.status(), StatusCode::NO_CONTENT);
    }
    central.stop().await;
}

pub(crate) async fn more_photos_than_a_day_may_have_wait_for_the_next_one(_: &Started) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.documents.attach_per_day = 2;
    let central = Started::open(folder, config).await.unwrap();
    let person = central.person().await;
    let unknown = |sealed: Sealed| DocumentAttach { key: "gone".to_owned(), ..sealed.attach };
    let announce = || {
        let sealed = seal(&central.central.secrets.documents[0], b"photo");
        command(&Command::DocumentAttach(unknown(sealed)), "doc:ktp_photo")
    };
    assert_eq!(person.push(&announce()).await.status, CommandStatus::Applied);
    central.central.clock.advance_ms(60_000);
    assert_eq!(person.push(&announce()).await.status, CommandStatus::Applied);
    let third = announce();
    let waits = person.push(&third).await;
    assert_eq!((waits.status, code(&waits)), (CommandStatus::Retry, ProblemCode::RateLimited));
    let day = 24 * 60 * 60 * 1_000;
    assert_eq!(waits.retry_after_ms, Some(day - 60_000), "until the first one is a day old");
    central.central.clock.advance_ms(day as i64 - 60_000);
    assert_eq!(person.push(&third).await.status, CommandStatus::Applied);
    central.stop().await;
}

/// The command writes the picture so that nobody else can read it, also over a file that anybody could.
fn saved_for_one_s_own_eyes(central: &Started, document: Uuid, jpeg: &[u8]) {
    let file = central.folder.path().join("card.jpg");
    std::fs::write(&file, "open to all").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_prakerja-central"));
    command.args(["photo", "save", &document.to_string()]).arg(&file).arg("--data").arg(central.folder.path());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read(&file).unwrap(), jpeg);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

pub(crate) async fn the_office_decides_when_it_is_to(_: &Started) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.documents.review = Some(Review::Office);
    let central = Started::open(folder, config).await.unwrap();
    let office = &central.central;
    let person = central.person().await;
    let first = photo(&central, SpecimenFault::None);
    send(&person, &first).await;
    let seen = Seen::by(&person).await;
    assert_eq!(seen.document(first.attach.document).unwrap().state, DocumentState::Received);
    assert_eq!(seen.notices(), [NoticeKind::PhotoReceived]);
    // Not before the registry knows the person: until then the number may become another's.
    assert_eq!(review::waiting(office, 10).await.unwrap(), []);
    assert!(review::review(office, person.id, first.attach.document, Decision::Accept).await.is_err());
    let facts = Facts { identity: Some(IdentityMatch::Matched), profile_complete: true, ..seen.registration().facts };
    forced::facts(office, person.id, facts).await.unwrap();
    let waiting = review::waiting(office, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].person, waiting[0].document), (person.id, first.attach.document));
    assert_eq!(waiting[0].case_number, seen.registration().case_number);
    let jpeg = review::picture(office, person.id, first.attach.document).await.unwrap();
    assert!(jpeg.starts_with(&[0xFF, 0xD8, 0xFF]));
    saved_for_one_s_own_eyes(&central, first.attach.document, &jpeg);

    let no = Decision::Refuse { reason: DocumentRefusal::NotOriginal, note: Some("Ini fotokopi.".to_owned()) };
    for _ in 0..2 {
        review::review(office, person.id, first.attach.document, no.clone()).await.unwrap();
    }
    let refused = Seen::by(&person).await;
    let record = refused.document(first.attach.document).unwrap();
    assert_eq!((record.refusal, record.note.as_deref()), (Some(DocumentRefusal::NotOriginal), Some("Ini fotokopi.")));
    assert_eq!(refused.notices(), [NoticeKind::PhotoReceived, NoticeKind::PhotoRejected], "told once");
    assert!(review::picture(office, person.id, first.attach.document).await.is_err(), "a refused picture is removed");
    assert!(review::review(office, person.id, first.attach.document, Decision::Accept).await.is_err());
    assert!(review::review(office, person.id, Uuid::now_v7(), Decision::Accept).await.is_err());

    let second = photo(&central, SpecimenFault::None);
    send(&person, &second).await;
    review::review(office, person.id, second.attach.document, Decision::Accept).await.unwrap();
    let accepted = Seen::by(&person).await;
    assert_eq!(accepted.document(second.attach.document).unwrap().state, DocumentState::Accepted);
    assert_eq!(accepted.registration().facts.ktp_photo, Some(DocumentState::Accepted));
    assert_eq!(review::waiting(office, 10).await.unwrap(), []);
    central.stop().await;
}

pub(crate) async fn nothing_of_a_photo_is_readable_in_the_files(central: &Started) {
    let person = central.person().await;
    let (sent, begun) = (photo(central, SpecimenFault::None), photo(central, SpecimenFault::Blurred));
    let other = central.person().await;
    send(&person, &sent).await;
    other.push(&attach(&begun)).await;
    begin(&other, &begun).send().await.unwrap();
    part(&other, &begun, 0, &begun.bytes[..PART]).send().await.unwrap();
    let mut open = vec![central.folder.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            for clear in [&b"\xFF\xD8\xFF\xE0\x00\x10JFIF"[..], b"JFIF", b"Exif"] {
                assert!(!bytes.windows(clear.len()).any(|window| window == clear), "{}", path.display());
            }
        }
    }
    assert!(files >= 5, "database, secrets, an upload and two pictures");
}
