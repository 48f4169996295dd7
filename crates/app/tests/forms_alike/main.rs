//! Bad input beside the fields of the personal data: e-mail address, codes, consents. One table of values is asked of the
//! app and of central: both name the same fields for the same reason, and what was there before is there afterwards.
//!
//! The password has no row. Under OPAQUE central never sees one, so its rules are the app's alone (`bad_input.rs`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

#[path = "../support/mod.rs"]
mod support;

mod sign_up;
mod steps;
mod table;

use prakerja_app::Uuid;
use prakerja_app::ipc::{ErrorCode, IpcError};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_testkit::central::Central;
use serde::Serialize;

use self::table::Bad;

/// Both name what the table says, with the same numbers for the sentence.
#[track_caller]
fn alike(bad: &Bad, app: &IpcError, central: &Problem) {
    let about = format!("{:?} {:?}", bad.asked, bad.given);
    assert_eq!((app.code, central.code), (ErrorCode::Validation, ProblemCode::Validation), "{about}");
    let named: Vec<_> = app.fields.iter().map(|error| (error.field.as_str(), error.code)).collect();
    assert_eq!(named, bad.fields, "{about}");
    assert_eq!(app.fields, central.fields, "{about}");
}

/// Why central refuses a request.
async fn by_central(central: &Central, path: &str, token: Option<&str>, body: &impl Serialize) -> Problem {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let key = format!("\"{}\"", Uuid::now_v7());
    let request = client.post(format!("{}{path}", central.base_url())).header("idempotency-key", key).json(body);
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let answer = request.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status.as_u16(), 422, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// Something that central keeps, as one text, to see whether it changed.
async fn kept(central: &Central, statement: &'static str) -> String {
    sqlx::query_scalar(statement).fetch_one(central.state().unwrap().db.read()).await.unwrap()
}
