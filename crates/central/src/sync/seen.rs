//! Being turned away costs nobody a deadline that has a grace: what central has no room for is attested, and counts as of
//! then when it arrives inside the grace (`prakerja_protocol::seen`). Nothing is stored and no body is read; an attestation
//! is a MAC over device, command and time, with a key of its own.

use axum::http::HeaderValue;
use prakerja_protocol::seen;
use prakerja_protocol::sync::CommandEnvelope;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::request::Arrival;
use crate::secrets::{MacKey, Secrets};

/// A token is good for so long: the longest grace that anybody would give, twice.
const LIFE_MS: i64 = 31 * 24 * 3_600_000;
/// Bytes of the MAC that travel: nobody can try 2^128 of them.
const MAC_BYTES: usize = 16;

/// Makes and checks tokens.
#[derive(Debug, Clone)]
pub(super) struct Seen(MacKey);

impl Seen {
    pub(super) fn new(secrets: &Secrets) -> Self {
        Self(MacKey::of(secrets.cursors.mac(&[b"seen/1"])))
    }

    /// The tokens for the digests that a request named; `None` when it named none, or says no device.
    pub(super) fn attest(&self, digests: &str, arrival: &Arrival) -> Option<HeaderValue> {
        let (device, at) = (arrival.device?, arrival.received_at);
        let token = |digest: [u8; 32]| seen::token(at, &self.mac(device, &digest, at));
        let tokens: Vec<String> = seen::asked(digests)?.into_iter().map(token).collect();
        HeaderValue::try_from(tokens.join(",")).ok()
    }

    /// When this very command of this device was turned away, by a token of this central; Unix milliseconds. What is
    /// forged, of another device, about other content or too old says nothing.
    pub(super) fn turned_away_at(&self, device: Uuid, command: &CommandEnvelope, received_at: i64) -> Option<i64> {
        let (at, mac) = seen::read_token(command.seen.as_deref()?)?;
        let is_mine: bool = self.mac(device, &seen::digest(command), at).as_slice().ct_eq(&mac).into();
        let is_due = at <= received_at && received_at.saturating_sub(at) <= LIFE_MS;
        if !is_mine {
            tracing::warn!(command = %command.id, "a command came with a token that is not its own");
        }
        (is_mine && is_due).then_some(at)
    }

    fn mac(&self, device: Uuid, digest: &[u8; 32], at: i64) -> [u8; MAC_BYTES] {
        let whole = self.0.mac(&[device.as_bytes(), digest, &at.to_be_bytes()]);
        whole.first_chunk().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use prakerja_protocol::sync::ClockEvidence;
    use serde_json::json;

    use super::*;

    const AT: i64 = 1_795_000_000_000;
    const HERE: Uuid = Uuid::from_u128(1);

    fn key(byte: u8) -> Seen {
        Seen(MacKey::of([byte; 32]))
    }

    fn join(id: u128, wave: u32) -> CommandEnvelope {
        CommandEnvelope {
            id: Uuid::from_u128(id),
            kind: "wave.join".into(),
            v: 1,
            lane: "apply:7".into(),
            base_rev: None,
            depends_on: Vec::new(),
            payload: json!({ "wave": wave }),
            clock: ClockEvidence::default(),
            receipt: None,
            seen: None,
        }
    }

    /// The token that a command gets when it is turned away.
    fn token(key: &Seen, device: Option<Uuid>, command: &CommandEnvelope) -> Option<String> {
        let arrival = Arrival { request_id: Uuid::nil(), received_at: AT, device };
        let header = key.attest(&seen::ask([command])?, &arrival)?;
        Some(header.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_token_is_good_for_its_command_its_device_and_a_month() {
        let mine = token(&key(1), Some(HERE), &join(5, 7)).unwrap();
        let later = mine.replace(&AT.to_string(), &(AT - 1).to_string());
        let elsewhere = token(&key(1), Some(Uuid::from_u128(2)), &join(5, 7)).unwrap();
        let stranger = token(&key(2), Some(HERE), &join(5, 7)).unwrap();
        let command = join(5, 7);
        let cases = [
            ("as it was given", &mine, &command, AT + 1_000, true),
            ("in the same moment", &mine, &command, AT, true),
            ("on its last day", &mine, &command, AT + LIFE_MS, true),
            ("too old", &mine, &command, AT + LIFE_MS + 1, false),
            ("from the future", &mine, &command, AT - 1, false),
            ("for another command", &mine, &join(6, 7), AT + 1_000, false),
            ("for other content", &mine, &join(5, 8), AT + 1_000, false),
            ("of another device", &elsewhere, &command, AT + 1_000, false),
            ("of another central", &stranger, &command, AT + 1_000, false),
            ("with another time", &later, &command, AT + 1_000, false),
            ("cut short", &mine[..mine.len() - 4].to_owned(), &command, AT + 1_000, false),
            ("nonsense", &"seen".to_owned(), &command, AT + 1_000, false),
            ("without a MAC", &format!("{AT}."), &command, AT + 1_000, false),
        ];
        for (name, token, command, received_at, counts) in cases {
            let command = CommandEnvelope { seen: Some(token.clone()), ..command.clone() };
            let told = key(1).turned_away_at(HERE, &command, received_at);
            assert_eq!(told, counts.then_some(AT), "{name}");
        }
        assert_eq!(key(1).turned_away_at(HERE, &command, AT), None, "without a token");
        assert_eq!(token(&key(1), None, &command), None, "who does not say which device it is gets none");
    }
}
