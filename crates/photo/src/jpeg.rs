//! The segments of a JPEG, walked without decoding: how many scans, and does the file end as it should?
//!
//! The decoder forgives much: it fills what is missing with grey, and takes a hundred passes over the picture. Here is what
//! must be known before it may begin. Not a decoder and no judge of the segments' content.

/// What the walk found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Number of scans.
    pub(crate) scans: u32,
    /// True when the end of the image was reached.
    pub(crate) complete: bool,
}

const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;

/// Walks the segments (ITU T.81, annex B).
pub(crate) fn survey(bytes: &[u8]) -> Survey {
    let mut scans = 0_u32;
    let mut position = 0;
    while let Some((marker, after)) = next_marker(bytes, position) {
        position = after;
        match marker {
            END_OF_IMAGE => return Survey { scans, complete: scans > 0 },
            START_OF_IMAGE | 0x01 | 0xD0..=0xD7 => {}
            _ => {
                let Some(&[high, low]) = bytes.get(after..after + 2) else { break };
                position = after + usize::from(u16::from_be_bytes([high, low]));
                if marker == START_OF_SCAN {
                    scans = scans.saturating_add(1);
                }
            }
        }
    }
    Survey { scans, complete: false }
}

/// The next marker at or after `from` and the position behind it. Stuffed bytes of the coded data (`FF 00`) are no markers.
fn next_marker(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let rest = bytes.get(from..)?;
    let offset = rest.windows(2).position(|pair| matches!(pair, [0xFF, marker] if !matches!(marker, 0x00 | 0xFF)))?;
    let marker = *rest.get(offset + 1)?;
    Some((marker, from + offset + 2))
}
