//! `426 client-too-old`: for security only, since it stops an app that could otherwise still send its work.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prakerja_protocol::header;
use prakerja_protocol::problem::{Problem, ProblemCode};

use crate::error::ApiError;
use crate::state::Central;

/// Refuses apps older than `min_version`, except for the connection check, which tells them so in words.
pub(super) async fn refuse_old(State(central): State<Central>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let checked = path.starts_with("/v1/") && !path.starts_with("/v1/health/");
    let least = &central.config.min_version;
    if checked && version_of(request.headers()).is_some_and(|version| Some(version) < parse(least)) {
        let problem = Problem::new(ProblemCode::ClientTooOld, 426, "this version of the app is too old");
        return ApiError::from(problem.with_detail("min_version", least.as_str())).into_response();
    }
    next.run(request).await
}

/// Version in `X-Client: app/<version> (<os>; schema=<n>)`. Other programs (a browser, a monitor) have none and pass.
fn version_of(headers: &HeaderMap) -> Option<[u64; 3]> {
    let text = headers.get(header::CLIENT)?.to_str().ok()?;
    parse(text.strip_prefix("app/")?.split(' ').next()?)
}

/// `major.minor.patch`; a suffix after `-` or `+` does not count.
pub(crate) fn parse(text: &str) -> Option<[u64; 3]> {
    let mut parts = text.split(['-', '+']).next()?.split('.').map(|part| part.parse().ok());
    let version = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn versions_are_read_and_compared() {
        let cases = [
            ("0.1.0", Some([0, 1, 0])),
            ("1.12.3-beta.2", Some([1, 12, 3])),
            ("1.2.3+build", Some([1, 2, 3])),
            ("1.2", None),
            ("1.2.3.4", None),
            ("", None),
            ("a.b.c", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert!(parse("0.9.9") < parse("0.10.0"));
    }
}
