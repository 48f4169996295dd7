//! The face check happens at an outside provider, on a phone or in this computer's browser. Nothing of a face comes here:
//! only the address of the provider's page, and later central's word.

use std::sync::PoisonError;

use prakerja_domain::registration::Step;
use prakerja_domain::scheme::ConsentMoment;
use prakerja_protocol::registration::NewFaceSession;
use url::Url;

use crate::App;
use crate::consents;
use crate::error::Answer;
use crate::ipc::registration::FaceSessionView;
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::qr;
use crate::registration::Case;
use crate::settings::is_safe;

impl App {
    /// Begins a face check. `consents` are the ids of those that were ticked for it.
    ///
    /// # Errors
    /// `validation` with every consent that is missing (`consent.<id>`), `step_refused`, `party_unavailable`, and what keeps from reaching central.
    pub async fn start_face_check(&self, consents: Vec<String>) -> Answer<FaceSessionView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let case = Case::read(&opened.store, person).await?;
        case.demand(Step::StartFaceCheck)?;
        let given = consents::given(&case.scheme, ConsentMoment::Face, &consents, self.inner.config.clock.now_ms())?;
        let asked = NewFaceSession { consents: given.into_iter().map(|given| (given.id, given.version)).collect() };
        let session = opened.exchange().accounts().start_face_session(&asked).await.map_err(crate::refusal::refused)?;
        let page = Url::parse(&session.url).ok().filter(is_safe);
        let page = page.ok_or_else(|| IpcError::defect("face check", &NoPage))?;
        let qr_svg = qr::svg(&session.url)?;
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

/// Central named a page that no browser may be sent to.
#[derive(Debug, thiserror::Error)]
#[error("the provider's page is neither https nor on this computer")]
struct NoPage;
