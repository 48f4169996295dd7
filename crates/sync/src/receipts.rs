//! Receipts are verified with the key that was pinned at sign-in before they are stored. A receipt that does not verify
//! never undoes central's answer: the result is kept, the receipt is not, and the fact is counted and logged.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use prakerja_protocol::receipt::Receipt;
use prakerja_protocol::sync::CommandResult;
use prakerja_store::CommandOutcome;
use uuid::Uuid;

/// What one final answer becomes in the store.
pub(crate) struct Outcome {
    pub(crate) stored: CommandOutcome,
    /// The answer had a receipt that does not verify.
    pub(crate) forged: bool,
}

/// The pinned key; `None` for a text that is no key.
pub(crate) fn pinned(text: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = STANDARD.decode(text).ok()?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

/// Reads a final answer. `fingerprint` is that of the command as it was sent.
pub(crate) fn outcome(
    result: CommandResult,
    person: Uuid,
    fingerprint: Option<[u8; 32]>,
    key: Option<&VerifyingKey>,
) -> Outcome {
    let verified = match (&result.receipt, key, fingerprint) {
        (Some(text), Some(key), Some(fingerprint)) => Receipt::verify(text, key).is_ok_and(|receipt| {
            receipt.command == result.id
                && receipt.person == person
                && receipt.status == result.status.as_str()
                && receipt.fingerprint.eq_ignore_ascii_case(&hex(&fingerprint))
        }),
        _ => false,
    };
    let forged = result.receipt.is_some() && !verified;
    Outcome {
        forged,
        stored: CommandOutcome {
            command: result.id,
            status: result.status.as_str().to_owned(),
            rev: result.rev,
            seq: result.seq,
            received_at: result.received_at,
            number: verified.then(|| Receipt::number(result.id)),
            receipt: result.receipt.filter(|_| verified),
            problem: result.problem.and_then(|problem| serde_json::to_value(problem).ok()),
            current: result.current,
        },
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use prakerja_protocol::sync::CommandStatus;

    use super::*;

    const PERSON: Uuid = Uuid::from_u128(5);
    const COMMAND: Uuid = Uuid::from_u128(6);

    fn answer(receipt: Option<String>) -> CommandResult {
        CommandResult {
            id: COMMAND,
            status: CommandStatus::Applied,
            rev: Some(1),
            seq: Some(9),
            received_at: Some(1_000),
            replayed: false,
            receipt,
            problem: None,
            current: None,
            position: None,
            retry_after_ms: None,
        }
    }

    fn receipt() -> Receipt {
        Receipt {
            command: COMMAND,
            person: PERSON,
            fingerprint: hex(&[7; 32]),
            status: "applied".to_owned(),
            seq: 9,
            received_at: 1_000,
        }
    }

    #[test]
    fn a_receipt_is_kept_only_when_it_attests_exactly_this_answer() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let pinned_key = pinned(&STANDARD.encode(key.verifying_key().to_bytes())).unwrap();
        let good = outcome(answer(Some(receipt().sign(&key))), PERSON, Some([7; 32]), Some(&pinned_key));
        assert!(!good.forged && good.stored.receipt.is_some());
        assert_eq!(good.stored.number, Some(Receipt::number(COMMAND)));

        let wrong = [
            ("another key", receipt().sign(&SigningKey::from_bytes(&[4; 32]))),
            ("another command", Receipt { command: Uuid::nil(), ..receipt() }.sign(&key)),
            ("another person", Receipt { person: Uuid::nil(), ..receipt() }.sign(&key)),
            ("another status", Receipt { status: "rejected".to_owned(), ..receipt() }.sign(&key)),
            ("another content", Receipt { fingerprint: hex(&[8; 32]), ..receipt() }.sign(&key)),
            ("no receipt at all", "x".to_owned()),
        ];
        for (name, text) in wrong {
            let bad = outcome(answer(Some(text)), PERSON, Some([7; 32]), Some(&pinned_key));
            assert!(bad.forged, "{name}");
            assert_eq!((bad.stored.receipt, bad.stored.number), (None, None), "{name}");
            assert_eq!(bad.stored.status, "applied", "central's answer stands: {name}");
            assert_eq!(bad.stored.received_at, Some(1_000), "{name}");
        }
    }

    #[test]
    fn an_answer_without_a_receipt_is_no_forgery() {
        assert!(!outcome(answer(None), PERSON, None, None).forged);
        assert!(pinned("not a key").is_none());
    }
}
