//! What counts as an answer of central: the genuineness rule.

use std::time::Duration;

use prakerja_protocol::problem::{self, Problem, ProblemCode};
use prakerja_protocol::{API_MARK, header, upload};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use uuid::Uuid;

use super::{Answer, Body, Marks};
use crate::failure::{self, Class, Failure};

/// A genuine answer.
pub(super) struct Read {
    pub(super) answer: Answer,
    /// Central's time, when the answer was made for this request.
    pub(super) server_ms: Option<i64>,
}

/// A failure, with the time it carried when it was genuine.
pub(super) struct Refused {
    pub(super) failure: Box<Failure>,
    pub(super) server_ms: Option<i64>,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self { failure: Box::new(failure), server_ms: None }
    }
}

/// The marks inside a body.
#[derive(Deserialize)]
struct BodyMarks {
    api: String,
    request_id: Option<Uuid>,
}

pub(super) async fn read(
    mut response: reqwest::Response,
    id: Uuid,
    marks: Marks,
    expects: Body,
) -> Result<Read, Refused> {
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let ok = (200..300).contains(&status) || status == 304;
    let bodiless = matches!(status, 204 | 304);
    let expected = if ok { expects.media_type } else { problem::MEDIA_TYPE };
    // The kind is checked before the body is read: a portal's page may be long.
    if !bodiless && media_type(&headers) != Some(expected) {
        return Err(failure::from_stranger(status).into());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure::from_transport(&error))? {
        if body.len() + chunk.len() > expects.limit {
            // A file that is longer than was said is known to be wrong; a message without end is somebody else's.
            let file = ok && expects != Body::MESSAGE;
            return Err(if file { Failure::of(Class::TooLarge) } else { failure::from_stranger(status) }.into());
        }
        body.extend_from_slice(&chunk);
    }
    let fresh = marked(&headers, &body, id, Marks::Echoed);
    if !fresh && !marked(&headers, &body, id, marks) {
        return Err(failure::from_stranger(status).into());
    }
    // What a cache kept carries the time at which it was made, a day ago perhaps: only an answer to this very request says
    // what time it is.
    let server_ms = number(&headers, header::SERVER_TIME).filter(|_| fresh);
    let answer = Answer {
        status,
        backoff: number(&headers, header::BACKOFF).and_then(|s| u64::try_from(s).ok()).map(Duration::from_secs),
        seen: text(&headers, header::SEEN).map(Into::into),
        offset: number(&headers, upload::OFFSET).and_then(|offset| u64::try_from(offset).ok()),
        body,
    };
    if ok {
        return Ok(Read { answer, server_ms });
    }
    // An answer to `HEAD` has no body; its status says what it can.
    let problem = if answer.body.is_empty() {
        Problem::new(ProblemCode::Unknown, status, "without words")
    } else {
        answer.json::<Problem>()?
    };
    let failure = Failure { seen: answer.seen, ..failure::from_problem(status, problem, retry_after(&headers)) };
    Err(Refused { failure: Box::new(failure), server_ms })
}

fn marked(headers: &HeaderMap, body: &[u8], id: Uuid, marks: Marks) -> bool {
    let echo_matters = marks == Marks::Echoed;
    let echoed = text(headers, header::REQUEST_ID).and_then(|text| Uuid::parse_str(text).ok()) == Some(id);
    if text(headers, header::API) == Some(API_MARK) && (echoed || !echo_matters) {
        return true;
    }
    serde_json::from_slice::<BodyMarks>(body)
        .is_ok_and(|found| found.api == API_MARK && (found.request_id == Some(id) || !echo_matters))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    text(headers, name)?.trim().parse().ok()
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    Some(text(headers, CONTENT_TYPE.as_str())?.split(';').next()?.trim())
}

/// Seconds, or a date that is read against the answer's own `Date`: this computer's clock may be wrong.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER.as_str())?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    let now = jiff::fmt::rfc2822::parse(text(headers, DATE.as_str())?).ok()?.timestamp();
    Some(Duration::from_secs(u64::try_from(until.as_second() - now.as_second()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(&'static str, &str)]) -> HeaderMap {
        rows.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn marks_may_be_in_the_headers_or_in_the_body_and_both_must_fit_this_request() {
        let id = Uuid::from_u128(7);
        let other = Uuid::from_u128(8);
        let full = headers(&[("x-api", API_MARK), ("x-request-id", &id.to_string())]);
        let wrong = headers(&[("x-api", API_MARK), ("x-request-id", &other.to_string())]);
        let none = HeaderMap::new();
        let body = format!(r#"{{"api":"{API_MARK}","request_id":"{id}","x":1}}"#).into_bytes();
        let foreign = format!(r#"{{"api":"{API_MARK}","request_id":"{other}"}}"#).into_bytes();
        let echo = Marks::Echoed;
        assert!(marked(&full, b"", id, echo));
        assert!(marked(&none, &body, id, echo), "a proxy stripped the headers (fault 28)");
        assert!(marked(&wrong, &body, id, echo));
        assert!(!marked(&wrong, b"{}", id, echo), "an answer to somebody else's request (fault 14)");
        assert!(!marked(&none, &foreign, id, echo));
        assert!(!marked(&none, b"<html>", id, echo));
        assert!(!marked(&headers(&[("x-request-id", &id.to_string())]), b"{}", id, echo), "an echo alone is no mark");
        assert!(marked(&wrong, b"", id, Marks::Cacheable), "a shared cache answers with an older echo");
        assert!(!marked(&none, b"", id, Marks::Cacheable));
    }

    fn public(id: Uuid, server_ms: i64) -> reqwest::Response {
        let built = hyper::Response::builder()
            .header("content-type", "application/octet-stream")
            .header("x-api", API_MARK)
            .header("x-request-id", id.to_string())
            .header("x-server-time", server_ms.to_string());
        built.body("of a cache").unwrap().into()
    }

    #[tokio::test]
    async fn an_answer_that_a_cache_kept_says_nothing_about_the_time() {
        let (id, earlier) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let expects = Body { media_type: "application/octet-stream", limit: 100 };
        for (echo, time) in [(id, Some(1_790_000_000_000)), (earlier, None)] {
            let answer = public(echo, 1_790_000_000_000);
            let read = read(answer, id, Marks::Cacheable, expects).await.ok().unwrap();
            assert_eq!((read.server_ms, read.answer.body.as_slice()), (time, &b"of a cache"[..]));
        }
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        assert_eq!(retry_after(&headers(&[("retry-after", "17")])), Some(Duration::from_secs(17)));
        let date = [("retry-after", "Mon, 23 Nov 2026 08:00:30 GMT"), ("date", "Mon, 23 Nov 2026 08:00:00 GMT")];
        assert_eq!(retry_after(&headers(&date)), Some(Duration::from_secs(30)));
        let past = [("retry-after", "Mon, 23 Nov 2026 07:00:00 GMT"), ("date", "Mon, 23 Nov 2026 08:00:00 GMT")];
        assert_eq!(retry_after(&headers(&past)), Some(Duration::ZERO));
        assert_eq!(retry_after(&headers(&[("retry-after", "soon")])), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
