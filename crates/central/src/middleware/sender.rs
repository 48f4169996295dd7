//! Who sends a large body is asked before it is read: otherwise anybody could take the memory of those who may send one.
//! A small body is read first, since its handler asks at once.

use axum::extract::{FromRequestParts as _, Request};
use axum::http::Method;
use axum::response::{IntoResponse as _, Response};

use super::body::{PHONE_PAGE, UPLOADS};
use crate::documents;
use crate::error::ApiResult;
use crate::office;
use crate::office::operators::Operator;
use crate::signed_in::SignedIn;
use crate::state::Central;

/// What came of asking.
pub(super) enum Asked {
    /// It may go on. The handler finds who it is in the request and does not look again.
    Known(Request),
    /// It may not: the answer, and the request with the body that nobody read.
    Refused(Response, Request),
}

/// Asks who sends a large body.
pub(super) async fn ask(central: &Central, request: Request) -> Asked {
    let path = request.uri().path();
    if let Some(token) = path.strip_prefix(PHONE_PAGE) {
        if request.method() != Method::POST {
            return Asked::Known(request);
        }
        let closed = documents::nobody_waits(central, token).await;
        return match closed {
            Some(page) => Asked::Refused(page, request),
            None => Asked::Known(request),
        };
    }
    let (operator, person) = (path == office::api::WHITELIST, path.starts_with(UPLOADS));
    let (mut parts, body) = request.into_parts();
    let asked: ApiResult<()> = async {
        if operator {
            let operator = Operator::from_request_parts(&mut parts, central).await?;
            parts.extensions.insert(operator);
        } else if person {
            let person = SignedIn::from_request_parts(&mut parts, central).await?;
            parts.extensions.insert(person);
        }
        Ok(())
    }
    .await;
    let request = Request::from_parts(parts, body);
    match asked {
        Ok(()) => Asked::Known(request),
        Err(refused) => Asked::Refused(refused.into_response(), request),
    }
}
