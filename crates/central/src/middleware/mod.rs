//! What surrounds every request, from the outside to the inside. The order matters and is explained in
//! [`surround`].

mod admission;
mod body;
mod client_version;
mod genuine;
mod rate;
mod sender;
mod time_limit;
mod trace;

pub use admission::{AdmissionControl, Class};
pub(crate) use client_version::parse as parse_version;
pub(crate) use genuine::Page;
pub(crate) use rate::ClientAddress;
pub use rate::RateLimits;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::error::ApiError;
use crate::state::Central;

/// Bodies below this are not worth compressing.
const COMPRESS_FROM: u64 = 1024;

/// Puts everything around `routes`.
pub fn surround(routes: Router<Central>, central: &Central) -> Router<Central> {
    // What is packed already, or asked for in parts, leaves as it is.
    let compress = SizeAbove::new(COMPRESS_FROM)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::new("application/zstd"))
        .and(NotForContentType::new("application/octet-stream"));
    routes.layer(
        ServiceBuilder::new()
            // Outermost, so that every answer below carries the marks, whoever made it.
            .layer(from_fn_with_state(central.clone(), genuine::mark))
            // Sees the final status and the whole time.
            .layer(axum::middleware::from_fn(trace::trace))
            .layer(CompressionLayer::new().compress_when(compress))
            // Inside of the marks: a panic becomes a problem like any other defect.
            .layer(CatchPanicLayer::custom(panicked))
            // Cheap refusals first: version, then rate, both without the database.
            .layer(from_fn_with_state(central.clone(), client_version::refuse_old))
            .layer(from_fn_with_state(central.clone(), rate::per_address))
            // Covers reading the body and the work.
            .layer(from_fn_with_state(central.clone(), time_limit::limit))
            // Shed before the body is read when full; read the body without holding a place; then take the place.
            .layer(from_fn_with_state(central.clone(), admission::admit)),
    )
}

/// What the panic said may hold personal data, so it is not repeated; the hook in `main` logged its place.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    ApiError::defect("a handler panicked").into_response()
}
