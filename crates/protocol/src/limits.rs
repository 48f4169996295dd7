//! Sizes and times that both sides hold to.

/// Commands in one push.
pub const PUSH_COMMANDS: usize = 50;
/// Bytes of a push body, before compression.
pub const PUSH_BYTES: usize = 256 * 1024;
/// Bytes of any other JSON body.
pub const BODY_BYTES: usize = 64 * 1024;
/// Rows of a pull page.
pub const PULL_ROWS: usize = 200;
/// Bytes that the upload sink reads.
pub const SINK_BYTES: usize = 256 * 1024;
/// Digits of an e-mail code.
pub const CODE_DIGITS: usize = 6;
/// Length of a command's kind.
pub const KIND_CHARS: usize = 40;
/// Length of a lane name.
pub const LANE_CHARS: usize = 80;
/// Longest server wait of a long-poll, in seconds.
pub const LONG_POLL_SECONDS: u64 = 25;
