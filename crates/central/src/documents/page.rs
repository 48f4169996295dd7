//! The phone's page as text: plain HTML, one style, no script, nothing from elsewhere, no personal data but the photo that
//! the person just took. Indonesian first, English below.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_photo::{Examined, Severity, Unreadable};
use sha2::{Digest, Sha256};

use super::words::{self, Both};

/// What the page says.
#[derive(Debug)]
pub(super) enum Page {
    /// Take a photo.
    Ask,
    /// What came is no photo.
    NoPhoto(Unreadable),
    /// Nobody could read the card on it.
    Refused { shown: Vec<u8>, examined: Examined },
    /// It may be good: the person looks.
    Doubtful { shown: Vec<u8>, examined: Examined },
    /// It was received.
    Done,
    /// The address does not work any more.
    Over,
    /// A photo is not needed any more.
    NotWanted,
    /// It did not work, for no reason that the person can know.
    Failed,
}

/// Sizes in `em`, so that the phone's own text size counts; big targets; no layout that an old browser lacks.
const STYLE: &str = "body{margin:0;font:1.125em/1.5 sans-serif;color:#1b1b1b;background:#fff}\
main{max-width:32em;margin:0 auto;padding:1em}\
h1{font-size:1.4em;line-height:1.25;margin:.5em 0}\
p,li{margin:.6em 0}\
ul{padding-left:1.2em}\
.en{color:#4a4a4a}\
.bad{border-left:.35em solid #b3261e;padding-left:.8em}\
.good{border-left:.35em solid #146c2e;padding-left:.8em}\
form{margin:1.2em 0}\
label{display:block;font-weight:bold;margin-bottom:.5em}\
input,button{display:block;width:100%;box-sizing:border-box;min-height:3.2em;font:inherit;margin:.5em 0;border-radius:.4em}\
input{border:.15em dashed #1f5fa8;padding:.8em}\
button{border:0;padding:.8em;font-weight:bold;color:#fff;background:#1f5fa8}\
button.yes{background:#146c2e}\
svg{display:block;width:100%;height:auto;margin:1em 0;border:1px solid #6b6b6b}\
footer{font-size:.85em;color:#4a4a4a;border-top:1px solid #c4c4c4;margin-top:2em}\
.demo{background:#fd0;color:#000;padding:.3em .6em}";

static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).ok()
});

/// The page with its headers.
pub(super) fn render(page: &Page, operator: &str, demo: bool) -> Response {
    let status = match page {
        Page::Over => StatusCode::GONE,
        Page::Failed => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    let mut response = (status, text(page, operator, demo)).into_response();
    response.extensions_mut().insert(crate::middleware::Page);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    if let Some(policy) = &*POLICY {
        headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}

fn text(page: &Page, operator: &str, demo: bool) -> String {
    let mut out = String::with_capacity(8 * 1024);
    out.push_str(
        "<!doctype html><html lang=\"id\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>Foto KTP</title><style>",
    );
    out.push_str(STYLE);
    out.push_str("</style></head><body><main>");
    if demo {
        out.push_str(
            "<p class=\"demo\">DEMO – pakai foto contoh, jangan KTP asli. / Use a sample photo, not a real card.</p>",
        );
    }
    body(&mut out, page);
    let operator = escape(operator);
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<footer><p>Halaman ini dari {operator}, penyelenggara yang dipakai aplikasi Prakerja Desktop di komputermu. \
         Aplikasi ini mandiri, bukan situs resmi pemerintah. Foto hanya dipakai untuk pendaftaranmu.</p>\
         <p class=\"en\" lang=\"en\">This page is by {operator}, the operator that the Prakerja Desktop app on your computer \
         uses. The app is independent and not an official government site. The photo is used for your registration \
         only.</p></footer></main></body></html>"
    );
    out
}

fn body(out: &mut String, page: &Page) {
    match page {
        Page::Ask => {
            heading(out, Both { id: "Foto KTP kamu", en: "Photo of your identity card" });
            let steps = [
                Both {
                    id: "Letakkan KTP di tempat terang, di alas gelap dan polos.",
                    en: "Put the card in bright light on a dark, plain surface.",
                },
                Both { id: "Keempat sudut harus terlihat.", en: "All four corners must be visible." },
                Both { id: "Jangan pakai lampu kilat.", en: "Do not use the flash." },
            ];
            out.push_str("<ul>");
            steps.iter().for_each(|step| item(out, *step));
            out.push_str("</ul>");
            form(out, Both { id: "Ambil foto", en: "Take the photo" });
        }
        Page::NoPhoto(unreadable) => {
            let (wrong, better) = words::of_file(*unreadable);
            heading(out, wrong);
            sentence(out, "bad", better);
            form(out, Both { id: "Ambil foto lagi", en: "Take another photo" });
        }
        Page::Refused { shown, examined } => {
            heading(out, Both { id: "Foto ini belum bisa dipakai", en: "This photo cannot be used yet" });
            picture(out, shown, examined);
            findings(out, examined);
            form(out, Both { id: "Ambil foto lagi", en: "Take another photo" });
        }
        Page::Doubtful { shown, examined } => {
            heading(out, Both { id: "Pakai foto ini?", en: "Use this photo?" });
            picture(out, shown, examined);
            findings(out, examined);
            sentence(
                out,
                "",
                Both {
                    id: "Kalau semua tulisan di KTP terbaca, foto ini boleh dipakai.",
                    en: "If you can read everything on the card, you may use this photo.",
                },
            );
            out.push_str(
                "<form method=\"post\" enctype=\"multipart/form-data\"><input type=\"hidden\" name=\"answer\" value=\"use\">\
                 <button class=\"yes\">Ya, pakai foto ini / Yes, use it</button></form>",
            );
            form(out, Both { id: "Ambil foto lagi", en: "Take another photo" });
        }
        Page::Done => {
            heading(out, Both { id: "Foto sudah diterima", en: "The photo was received" });
            sentence(
                out,
                "good",
                Both {
                    id: "Kembali ke komputermu. Halaman ini boleh ditutup.",
                    en: "Go back to your computer. You may close this page.",
                },
            );
        }
        Page::Over => {
            heading(out, Both { id: "Halaman ini sudah tidak berlaku", en: "This page does not work any more" });
            sentence(
                out,
                "bad",
                Both {
                    id: "Buat kode QR baru di aplikasi pada komputermu.",
                    en: "Make a new QR code in the app on your computer.",
                },
            );
        }
        Page::NotWanted => {
            heading(out, Both { id: "Foto tidak diperlukan lagi", en: "A photo is not needed any more" });
            sentence(out, "good", Both { id: "Kembali ke komputermu.", en: "Go back to your computer." });
        }
        Page::Failed => {
            heading(out, Both { id: "Belum berhasil", en: "It did not work" });
            sentence(
                out,
                "bad",
                Both {
                    id: "Coba lagi sebentar lagi. Tidak ada yang hilang.",
                    en: "Try again in a moment. Nothing is lost.",
                },
            );
            form(out, Both { id: "Ambil foto lagi", en: "Take another photo" });
        }
    }
}

fn heading(out: &mut String, words: Both) {
    let _ = write!(out, "<h1>{}<br><span class=\"en\" lang=\"en\">{}</span></h1>", words.id, words.en);
}

fn sentence(out: &mut String, class: &str, words: Both) {
    let _ = write!(out, "<div class=\"{class}\"><p>{}</p><p class=\"en\" lang=\"en\">{}</p></div>", words.id, words.en);
}

fn item(out: &mut String, words: Both) {
    let _ = write!(out, "<li>{}<br><span class=\"en\" lang=\"en\">{}</span></li>", words.id, words.en);
}

fn form(out: &mut String, words: Both) {
    let _ = write!(
        out,
        "<form method=\"post\" enctype=\"multipart/form-data\"><label for=\"photo\">{id} / <span lang=\"en\">{en}</span></label>\
         <input id=\"photo\" name=\"photo\" type=\"file\" accept=\"image/*\" capture=\"environment\" required>\
         <button>Kirim foto / <span lang=\"en\">Send the photo</span></button></form>",
        id = words.id,
        en = words.en
    );
}

fn findings(out: &mut String, examined: &Examined) {
    for finding in &examined.findings {
        let (wrong, better) = words::of_finding(finding.kind);
        let _ = write!(
            out,
            "<div class=\"bad\"><p><strong>{}</strong> {}</p><p class=\"en\" lang=\"en\"><strong>{}</strong> {}</p></div>",
            wrong.id, better.id, wrong.en, better.en
        );
    }
}

/// The photo with the places that are wrong. The frame has a dark and a light line, to be seen on any ground.
fn picture(out: &mut String, jpeg: &[u8], examined: &Examined) {
    let (width, height) = (examined.width.max(1), examined.height.max(1));
    let line = width.max(height) / 120 + 2;
    let data = STANDARD.encode(jpeg);
    let _ = write!(
        out,
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Foto KTP\" xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\">\
         <image width=\"{width}\" height=\"{height}\" xlink:href=\"data:image/jpeg;base64,{data}\"/>"
    );
    for finding in &examined.findings {
        let colour = if finding.severity == Severity::Refuse { "#ff2a1a" } else { "#ffb300" };
        for area in &finding.areas {
            let (x, y) = (area.x * width as f32, area.y * height as f32);
            let (wide, high) = (area.width * width as f32, area.height * height as f32);
            let wider = line * 2;
            let _ = write!(
                out,
                "<rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\" fill=\"none\" stroke=\"#000\" \
                 stroke-width=\"{wider}\"/><rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\" \
                 fill=\"none\" stroke=\"{colour}\" stroke-width=\"{line}\"/>"
            );
        }
    }
    out.push_str("</svg>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_name_is_text_and_nothing_else() {
        let page = text(&Page::Ask, "<script>\"&", false);
        assert!(page.contains("&lt;script&gt;&quot;&amp;"));
        assert!(!page.contains("<script"));
    }

    #[test]
    fn the_policy_allows_the_one_style_and_pictures_in_the_page() {
        let policy = POLICY.as_ref().unwrap().to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; img-src data:; style-src 'sha256-"), "{policy}");
        let ask = text(&Page::Ask, "Pusat", true);
        assert!(!ask.contains(" style="), "an attribute would be refused by the policy");
    }
}
