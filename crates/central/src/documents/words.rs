//! What is wrong with a photo and how to do better, in the two languages of the phone's page.

use prakerja_photo::{FindingKind, Unreadable};

/// A sentence in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Both {
    pub(super) id: &'static str,
    pub(super) en: &'static str,
}

const fn both(id: &'static str, en: &'static str) -> Both {
    Both { id, en }
}

/// What is wrong, and what helps.
pub(super) fn of_finding(kind: FindingKind) -> (Both, Both) {
    match kind {
        FindingKind::TooSmall => (
            both("KTP terlalu kecil di foto.", "The card is too small in the photo."),
            both(
                "Dekatkan HP sampai KTP hampir memenuhi layar.",
                "Move closer until the card almost fills the screen.",
            ),
        ),
        FindingKind::Blurred => (
            both("Foto buram.", "The photo is blurred."),
            both(
                "Letakkan KTP di meja, tahan HP diam, ketuk layar supaya fokus, lalu ambil foto.",
                "Put the card on a table, hold the phone still, tap the screen to focus, then take the photo.",
            ),
        ),
        FindingKind::TooDark => (
            both("Foto terlalu gelap.", "The photo is too dark."),
            both("Cari tempat terang, misalnya dekat jendela.", "Go to a bright place, for example near a window."),
        ),
        FindingKind::TooBright => (
            both("Foto terlalu terang.", "The photo is too bright."),
            both(
                "Matikan lampu kilat dan jauhi sinar matahari langsung.",
                "Switch the flash off and avoid direct sunlight.",
            ),
        ),
        FindingKind::Glare => (
            both("Ada pantulan cahaya yang menutupi tulisan.", "A reflection hides some of the text."),
            both(
                "Matikan lampu kilat dan miringkan KTP sedikit sampai pantulan hilang.",
                "Switch the flash off and tilt the card a little until the reflection is gone.",
            ),
        ),
        FindingKind::CutEdge => (
            both("Ada bagian KTP yang terpotong.", "A part of the card is cut off."),
            both(
                "Mundur sedikit sampai keempat sudut KTP terlihat.",
                "Move back a little until all four corners are visible.",
            ),
        ),
        FindingKind::NoCard => (
            both("KTP tidak terlihat jelas di foto.", "The card cannot be made out in the photo."),
            both("Letakkan KTP di atas alas berwarna gelap dan polos.", "Put the card on a dark, plain background."),
        ),
        FindingKind::Tilted | FindingKind::Sideways => (
            both("KTP miring.", "The card is crooked."),
            both("Luruskan KTP dengan tepi layar.", "Line the card up with the edge of the screen."),
        ),
    }
}

/// What is wrong with a file that is no photo, and what helps.
pub(super) fn of_file(unreadable: Unreadable) -> (Both, Both) {
    match unreadable {
        Unreadable::TooLarge { .. } | Unreadable::TooManyPixels { .. } => (
            both("Foto terlalu besar.", "The photo is too large."),
            both(
                "Pilih ukuran foto yang lebih kecil di pengaturan kamera, lalu ambil lagi.",
                "Choose a smaller photo size in the camera's settings, then take it again.",
            ),
        ),
        Unreadable::UnsupportedType { .. } => (
            both("Berkas ini bukan foto JPEG atau PNG.", "This file is not a JPEG or PNG photo."),
            both("Ambil foto dengan kamera HP.", "Take a photo with the phone's camera."),
        ),
        Unreadable::Empty | Unreadable::Broken => (
            both("Foto tidak dapat dibaca.", "The photo cannot be read."),
            both("Ambil foto sekali lagi.", "Take the photo once more."),
        ),
    }
}
