//! An address as a QR code for a phone's camera.

use qrcode::QrCode;
use qrcode::render::svg::Color;

use crate::error::Answer;
use crate::ipc::IpcError;

/// Least width and height, in the picture's own units.
const SIZE: u32 = 240;

/// Dark on light with its quiet zone, whatever the theme, so that every camera reads it.
///
/// # Errors
/// A text that is too long for a code.
pub(crate) fn svg(text: &str) -> Answer<String> {
    let code = QrCode::new(text).map_err(|error| IpcError::defect("QR code", &error))?;
    let drawn = code
        .render::<Color<'_>>()
        .min_dimensions(SIZE, SIZE)
        .dark_color(Color("#000"))
        .light_color(Color("#fff"))
        .build();
    // The element alone: it goes into a page, where a declaration would be text.
    Ok(drawn.split_once("?>").map_or(drawn.clone(), |(_, element)| element.to_owned()))
}
