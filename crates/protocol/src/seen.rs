//! Being turned away costs nobody a deadline that has a grace (`sync.md` §3.10). A push names its commands that have one in
//! [`crate::header::COMMAND_DIGESTS`]. When central has no room for it, the answer's [`crate::header::SEEN`] has a token for
//! each, in the same order: central's word that this command of this device was at its door at that time. Central makes it
//! without reading the body. The client sends it with the command later, as [`CommandEnvelope::seen`].
//!
//! A token is `<Unix milliseconds>.<MAC>`; only central can make or check one. The bytes of a batch are others at every try
//! (its commands, its id, the epoch), those of a command never: so each command has its own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::limits::PUSH_COMMANDS;
use crate::sync::CommandEnvelope;

/// Longest token, in characters.
pub const TOKEN_CHARS: usize = 64;

/// True for kinds of commands for which the time of arrival may decide.
pub fn has_deadline(kind: &str) -> bool {
    matches!(kind, "wave.join" | "test.answer")
}

/// What a token is about: SHA-256 over id and fingerprint.
pub fn digest(command: &CommandEnvelope) -> [u8; 32] {
    Sha256::new().chain_update(command.id.as_bytes()).chain_update(command.fingerprint()).finalize().into()
}

/// Value of the request's header; `None` for no commands.
pub fn ask<'a>(commands: impl IntoIterator<Item = &'a CommandEnvelope>) -> Option<String> {
    let digests: Vec<String> = commands.into_iter().map(|command| URL_SAFE_NO_PAD.encode(digest(command))).collect();
    (!digests.is_empty()).then(|| digests.join(","))
}

/// Reads the request's header; `None` when it is not well-formed.
pub fn asked(value: &str) -> Option<Vec<[u8; 32]>> {
    let read = |text: &str| URL_SAFE_NO_PAD.decode(text.trim()).ok()?.try_into().ok();
    value
        .split(',')
        .take(PUSH_COMMANDS + 1)
        .map(read)
        .collect::<Option<Vec<_>>>()
        .filter(|it| it.len() <= PUSH_COMMANDS)
}

/// Writes a token.
pub fn token(at_ms: i64, mac: &[u8]) -> String {
    format!("{at_ms}.{}", URL_SAFE_NO_PAD.encode(mac))
}

/// Reads a token.
pub fn read_token(token: &str) -> Option<(i64, Vec<u8>)> {
    let (at, mac) = token.split_once('.').filter(|_| token.len() <= TOKEN_CHARS)?;
    Some((at.parse().ok()?, URL_SAFE_NO_PAD.decode(mac).ok()?))
}

/// The tokens of an answer's header, when they are as many as were asked for.
pub fn told(value: &str, asked: usize) -> Option<Vec<&str>> {
    let tokens: Vec<&str> = value.split(',').take(asked + 1).map(str::trim).collect();
    (tokens.len() == asked && tokens.iter().all(|token| read_token(token).is_some())).then_some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_they_were_written_and_nothing_else_is() {
        let digests = [[7_u8; 32], [9; 32]];
        let written = digests.map(|digest| URL_SAFE_NO_PAD.encode(digest)).join(",");
        assert_eq!(asked(&written), Some(digests.to_vec()));
        let many = vec![URL_SAFE_NO_PAD.encode([1; 32]); PUSH_COMMANDS + 1].join(",");
        for wrong in [String::new(), "abc".into(), format!("{written},"), format!("{written}x"), many] {
            assert_eq!(asked(&wrong), None, "{wrong}");
        }
        let (one, two) = (token(1_795_000_000_000, &[3; 16]), token(-5, &[4; 16]));
        assert_eq!(read_token(&one), Some((1_795_000_000_000, vec![3; 16])));
        let both = format!("{one}, {two}");
        assert_eq!(told(&both, 2), Some(vec![one.as_str(), two.as_str()]));
        assert_eq!((told(&both, 1), told(&both, 3), told("1.x!", 1)), (None, None, None));
        assert_eq!(told(&"1".repeat(TOKEN_CHARS + 1), 1), None);
    }
}
