//! `accepted.bin`: one bit for each entry of the list, in list order, set when it was accepted.

use crate::allocation::Decision;

/// What the file begins with.
const MAGIC: &[u8; 16] = b"prakerja draw/1\n";
/// Magic, wave and number of entries.
const HEADER: usize = 24;

/// The bytes: the first entry of each eight is the highest bit; what is over in the last byte is 0.
pub(crate) fn encode(wave: u32, decisions: &[Decision]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + decisions.len().div_ceil(8));
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&wave.to_be_bytes());
    // No list has more entries than a u32 counts.
    bytes.extend_from_slice(&u32::try_from(decisions.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend(decisions.chunks(8).map(|eight| {
        eight
            .iter()
            .zip((0..8).rev())
            .fold(0_u8, |byte, (decision, bit)| byte | u8::from(*decision == Decision::Accepted) << bit)
    }));
    bytes
}
