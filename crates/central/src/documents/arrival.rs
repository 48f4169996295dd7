//! A document's content is here: open the seal, look at it, keep it, tell the person. Files come first, then one
//! transaction; a crash in between leaves files that the sweep removes, and the same request does it again.

use prakerja_domain::registration::{DocumentRefusal, DocumentState, Step};
use prakerja_photo::Prepared;
use prakerja_protocol::registration::{DocumentKind, DocumentSource};
use prakerja_protocol::sealed;
use uuid::Uuid;

use super::judge::{Turn, judge, refusal_of_file};
use super::pictures;
use super::record::{Document, Verdict};
use crate::config::Review;
use crate::error::ApiResult;
use crate::failpoint;
use crate::registration::case::Case;
use crate::state::Central;
use crate::sync::Change;

/// All bytes of an upload are here. Whatever is wrong with them is told to the person as a refusal of the document.
pub(super) async fn arrived(central: &Central, person: Uuid, document: Uuid, key: &str, bytes: &[u8]) -> ApiResult<()> {
    let place = sealed::Place { document, kind: DocumentKind::KtpPhoto };
    let opened = match central.secrets.opening_key(key) {
        Some(key) => key.open(place, bytes).map_err(|_| DocumentRefusal::Damaged),
        None => Err(DocumentRefusal::KeyGone),
    };
    let seen = match opened {
        Ok(content) => match judge(central, content, Turn::AsItIs).await? {
            Ok(judged) => judged.refusal().map_or(Ok(judged.prepared), Err),
            Err(unreadable) => Err(refusal_of_file(unreadable)),
        },
        Err(refusal) => Err(refusal),
    };
    let (file, verdict) = match seen {
        Ok(prepared) => (Some(pictures::keep(central, person, document, &prepared).await?), look_at(central)),
        Err(refusal) => (None, Verdict::Rejected(refusal, None)),
    };
    failpoint::hit("photo.kept");
    let mut change = Change::begin(central).await?;
    let records = &mut change.records(person);
    match Document::find(records, person, document).await? {
        Some(mut found) if found.record.state == DocumentState::Awaited => {
            found.file.clone_from(&file);
            found.conclude(records, verdict).await?;
        }
        // Another took its place while this one was looked at.
        _ => {
            drop(change);
            if let Some(file) = file {
                pictures::remove(central, &file).await;
            }
            return Ok(());
        }
    }
    change.commit().await?;
    failpoint::hit("photo.committed");
    Ok(())
}

/// A photo from a phone that is good enough.
pub(super) struct FromPhone<'a> {
    pub(super) person: Uuid,
    pub(super) document: Uuid,
    /// Name of its files.
    pub(super) file: &'a str,
}

/// Makes a photo from a phone the person's document, inside the caller's change. False when none is wanted any more.
pub(super) async fn from_phone(change: &mut Change, central: &Central, photo: FromPhone<'_>) -> ApiResult<bool> {
    let FromPhone { person, document, file } = photo;
    let records = &mut change.records(person);
    let case = Case::load(records, person).await?;
    if case.allows(Step::AttachPhoto, &case.scheme(central)).is_err() {
        return Ok(false);
    }
    Document::supersede(records, person, DocumentKind::KtpPhoto).await?;
    let mut new = Document::new(person, document, DocumentSource::Phone, None, records.at);
    new.file = Some(file.to_owned());
    new.conclude(records, look_at(central)).await?;
    Ok(true)
}

/// What becomes of a photo on which the card can be read. Where nobody looks, nobody asks whose card it is.
fn look_at(central: &Central) -> Verdict {
    let config = &central.config;
    let default = if config.demo { Review::Automatic } else { Review::Office };
    match config.documents.review.unwrap_or(default) {
        Review::Automatic => Verdict::Accepted,
        Review::Office => Verdict::Received,
    }
}

/// Keeps the files of a photo that a phone sent; they are a document once a person wants them to be.
pub(super) async fn keep_from_phone(central: &Central, person: Uuid, prepared: &Prepared) -> ApiResult<(Uuid, String)> {
    let document = Uuid::now_v7();
    Ok((document, pictures::keep(central, person, document, prepared).await?))
}
