//! The EXIF block of a phone's photo, so that tests see it vanish.

/// Words that must be found nowhere in a photo that is sent.
pub(crate) const MAKER: &[u8; 8] = b"CONTOHHP";

/// A block with maker, orientation and place (EXIF 2.32, sections 4.6.2 to 4.6.6; little-endian TIFF).
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    const ASCII: u16 = 2;
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    let orientation = [orientation, 0, 0, 0];
    // Header of 8 bytes, then 2 + 3 * 12 + 4 bytes of directory, then the maker's 8 bytes, then the place.
    let (maker_at, place_at) = (50_u32, 58_u32);

    let mut block = b"II*\0\x08\0\0\0".to_vec();
    block.extend(3_u16.to_le_bytes());
    entry(&mut block, 0x010F, ASCII, 8, maker_at.to_le_bytes());
    entry(&mut block, 0x0112, SHORT, 1, orientation);
    entry(&mut block, 0x8825, LONG, 1, place_at.to_le_bytes());
    block.extend([0; 4]);
    block.extend(MAKER);
    block.extend(2_u16.to_le_bytes());
    entry(&mut block, 0x0001, ASCII, 2, *b"S\0\0\0");
    entry(&mut block, 0x0003, ASCII, 2, *b"E\0\0\0");
    block.extend([0; 4]);
    block
}

fn entry(block: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: [u8; 4]) {
    block.extend(tag.to_le_bytes());
    block.extend(kind.to_le_bytes());
    block.extend(count.to_le_bytes());
    block.extend(value);
}
