//! Blind indexes: an identity number, a family-card number or a phone as the database may search it. HMAC with a key that
//! is derived from the deployment's secrets: with the database alone nobody can try all numbers.

use uuid::Uuid;

use crate::secrets::MacKey;
use crate::state::Central;

/// Index of an identity number.
pub(crate) fn nik(central: &Central, nik: &str) -> Vec<u8> {
    index(central, b"nik", nik)
}

/// Index of a family-card number.
pub(crate) fn kk(central: &Central, kk_number: &str) -> Vec<u8> {
    index(central, b"kk", kk_number)
}

/// Index of a phone number.
pub(crate) fn phone(central: &Central, phone: &str) -> Vec<u8> {
    index(central, b"phone", phone)
}

/// Index of the number of a participant's card.
pub(crate) fn card(central: &Central, number: &str) -> Vec<u8> {
    index(central, b"card", number)
}

fn index(central: &Central, of: &[u8], value: &str) -> Vec<u8> {
    key(central).mac(&[of, value.as_bytes()]).to_vec()
}

/// Id of what a person begins with a request: the same key of the request gives the same id.
pub(crate) fn attempt(central: &Central, person: Uuid, request: Uuid) -> Uuid {
    let mac = key(central).mac(&[b"attempt", person.as_bytes(), request.as_bytes()]);
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(mac).for_each(|(into, from)| *into = from);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// The key of all blind indexes and of what is counted by them.
pub(super) fn key(central: &Central) -> MacKey {
    MacKey::of(central.secrets.records.mac(&[b"blind index/1"]))
}
