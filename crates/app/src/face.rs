//! The face check happens at an outside provider, on a phone or in this computer's browser. Nothing of a face comes here:
//! only the address of the provider's page, and later central's word.

use std::sync::PoisonError;

use prakerja_domain::registration::Step;
use qrcode::QrCode;
use qrcode::render::svg;
use url::Url;

use crate::App;
use crate::error::Answer;
use crate::ipc::registration::FaceSessionView;
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::registration::Case;
use crate::settings::is_safe;

/// Least width and height of a code on the screen, in its own units.
const QR_SIZE: u32 = 240;

impl App {
    /// Begins a face check.
    ///
    /// # Errors
    /// `step_refused`, `party_unavailable`, and what keeps from reaching central.
    pub async fn start_face_check(&self) -> Answer<FaceSessionView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        Case::read(&opened.store, person).await?.demand(Step::StartFaceCheck)?;
        let session = opened.exchange().accounts().start_face_session().await.map_err(crate::account::refused)?;
        let page = Url::parse(&session.url).ok().filter(is_safe);
        let page = page.ok_or_else(|| IpcError::defect("face check", &NoPage))?;
        let qr_svg = qr_svg(&session.url)?;
        *self.inner.face_page.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
        let life = i64::try_from(session.expires_in_s).unwrap_or(i64::MAX).saturating_mul(1_000);
        self.told(&[Changed::Registration]).await?;
        Ok(FaceSessionView {
            qr_svg,
            url: session.url,
            expires_at: self.inner.config.clock.now_ms().saturating_add(life),
            provider: session.provider,
            sandbox: session.sandbox,
        })
    }

    /// An address that the window may open in the browser: central's own pages, and those of the provider that central
    /// named for a face check. Whatever else a page or a record could contain stays closed.
    ///
    /// # Errors
    /// `not_found` for any other address.
    pub fn link(&self, address: &str) -> Answer<String> {
        let asked = Url::parse(address).ok().filter(is_safe);
        let asked = asked.ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        let central = Url::parse(&self.central().url).ok();
        let provider = self.inner.face_page.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_known = [central, provider].into_iter().flatten().any(|known| known.origin() == asked.origin());
        if is_known { Ok(asked.into()) } else { Err(IpcError::new(ErrorCode::NotFound)) }
    }
}

/// An address as a QR code: dark on light with its quiet zone, whatever the theme, so that every camera reads it.
///
/// # Errors
/// A text that is too long for a code.
pub(crate) fn qr_svg(text: &str) -> Answer<String> {
    let code = QrCode::new(text).map_err(|error| IpcError::defect("QR code", &error))?;
    let drawn = code
        .render::<svg::Color<'_>>()
        .min_dimensions(QR_SIZE, QR_SIZE)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // Without the declaration of an XML file, so that it can stand in a page.
    Ok(drawn.split_once("?>").map_or(drawn.clone(), |(_, picture)| picture.to_owned()))
}

/// Central named a page that no browser may be sent to.
#[derive(Debug, thiserror::Error)]
#[error("the provider's page is neither https nor on this computer")]
struct NoPage;
