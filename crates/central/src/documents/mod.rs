//! Documents of persons: announced by a command, uploaded in parts, judged, reviewed; or taken by a phone.
//!
//! A document that the app sends is announced first ([`attach`]): the tiny command carries digest and size, the sealed
//! bytes follow when the link allows ([`uploads`]). Complete bytes are opened in memory, judged again ([`judge`], never
//! trusting the client) and sealed anew for this deployment ([`pictures`]); then somebody or nobody looks at them
//! ([`review`]). A photo from a phone ([`handover`], [`phone`]) joins the same way at the judging. What the person hears is
//! written in one place ([`record`]).

mod announce;
mod arrival;
mod desk;
mod files;
mod forget;
mod handover;
mod judge;
mod page;
mod phone;
mod pictures;
mod prune;
mod record;
pub mod review;
mod room;
mod uploads;
mod words;

pub use self::desk::Desk;

pub(crate) use self::announce::attach;
pub(crate) use self::forget::{Kept, files_of, forget};
pub(crate) use self::phone::{nobody_waits, page_of};
pub(crate) use self::prune::prune;
pub(crate) use self::record::take_back;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};
use prakerja_protocol::upload;

use crate::state::Central;

/// Bytes of a form with a photo: the largest file that is judged, and the form around it.
pub(crate) const PHOTO_FORM_BYTES: usize = 20_000_000 + 64 * 1024;

/// Routes below `/v1/uploads`, `/v1/documents`, `/v1/handovers` and the phone's page `/h/…`.
pub(crate) fn router() -> Router<Central> {
    let part = usize::try_from(upload::MAX_PART).unwrap_or(usize::MAX);
    let one_upload = put(uploads::begin)
        .get(uploads::status)
        .patch(uploads::part)
        .delete(uploads::remove)
        .layer(DefaultBodyLimit::max(part));
    Router::new()
        .route("/v1/uploads/{id}", one_upload)
        .route("/v1/uploads/{id}/complete", post(uploads::complete))
        .route("/v1/documents/{id}/preview", get(pictures::preview))
        .route("/v1/handovers", post(handover::create))
        .route("/h/{token}", get(phone::show).post(phone::take).layer(DefaultBodyLimit::max(PHOTO_FORM_BYTES)))
}
