//! Header names of the protocol, lower-case as HTTP/2 sends them.

/// Mark of a genuine answer; its value is [`crate::API_MARK`].
pub const API: &str = "x-api";
/// Request id, made by the client (UUID) and echoed by central.
pub const REQUEST_ID: &str = "x-request-id";
/// The device's id (UUID), made once per data folder.
pub const DEVICE: &str = "x-device";
/// `app/<version> (<os>; schema=<n>)`.
pub const CLIENT: &str = "x-client";
/// Central's clock in Unix milliseconds.
pub const SERVER_TIME: &str = "x-server-time";
/// Quoted UUID that makes a single-resource POST repeatable.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// `n=<waiting>;oldest=<seconds>`: numbers for the operator, no personal data.
pub const OUTBOX: &str = "x-outbox";
/// Seconds by which a client should slow down although it was served.
pub const BACKOFF: &str = "backoff";
/// Digests of the commands of a push that have a deadline, see [`crate::seen`].
pub const COMMAND_DIGESTS: &str = "x-command-digests";
/// Tokens for them, on the answer to a push that was turned away.
pub const SEEN: &str = "x-seen-at";
