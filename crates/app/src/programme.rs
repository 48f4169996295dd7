//! What central said of the programme: schemes, waves, the key for documents. Before it said anything, the schemes that
//! ship with the app hold, so that the eligibility check and the form work on the first day without internet.

use std::sync::Arc;

use jiff::civil::Date;
use prakerja_domain::calendar::jakarta_day;
use prakerja_domain::profile::Intake;
use prakerja_domain::scheme::{Scheme, SchemeError};
use prakerja_protocol::application::Wave;
use prakerja_protocol::catalogue::Programme as Wire;
use prakerja_protocol::registration::SealingKey;
use prakerja_store::{CatalogueInfo, NOBODY, Store};
use serde::Deserialize as _;

use crate::App;
use crate::error::Answer;
use crate::exchange::Exchange;
use crate::ipc::IpcError;
use crate::registration::Case;

/// The programme as this computer knows it.
#[derive(Debug, Clone)]
pub(crate) struct Programme {
    schemes: Vec<Arc<Scheme>>,
    present: Arc<Scheme>,
    pub(crate) waves: Vec<Wave>,
    pub(crate) sealing_key: Option<SealingKey>,
    /// When the catalogue was last brought up to date; absent before the first time.
    pub(crate) as_of: Option<i64>,
}

impl Programme {
    /// From the stored catalogue, else from what ships.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) async fn read(store: &Store) -> Answer<Self> {
        Self::from(store.catalogue().await?)
    }

    /// What ships with the app.
    pub(crate) fn shipped() -> Answer<Self> {
        Self::from(None)
    }

    fn from(info: Option<CatalogueInfo>) -> Answer<Self> {
        let as_of = info.as_ref().map(|info| info.as_of);
        // A wave or scheme that a newer central writes differently must not take the others away.
        let waves = info.as_ref().and_then(|info| info.waves.as_array()).into_iter().flatten();
        let waves = waves.filter_map(|wave| Wave::deserialize(wave).ok()).collect();
        let wire = info.and_then(|info| info.programme).and_then(|value| Wire::deserialize(&value).ok());
        let (mut schemes, present, sealing_key) = match wire {
            Some(wire) => (wire.schemes, Some(wire.scheme), wire.sealing_key),
            None => (Vec::new(), None, None),
        };
        if schemes.is_empty() {
            schemes = Scheme::shipped().map_err(|error| IpcError::defect("schemes", &error))?;
        }
        let schemes: Vec<_> = schemes.into_iter().map(Arc::new).collect();
        let none = || IpcError::defect("schemes", &SchemeError::Parse("there is none".to_owned()));
        let named = schemes.iter().find(|scheme| Some(&scheme.version) == present.as_ref());
        let present = named.or(schemes.last()).cloned().ok_or_else(none)?;
        Ok(Self { schemes, present, waves, sealing_key, as_of })
    }

    /// The scheme for people whose registration has not begun.
    pub(crate) fn present(&self) -> &Arc<Scheme> {
        &self.present
    }

    /// The scheme of a version; the present one when it is gone.
    pub(crate) fn scheme(&self, version: &str) -> &Arc<Scheme> {
        self.schemes.iter().find(|scheme| scheme.version == version).unwrap_or(&self.present)
    }

    /// A wave.
    pub(crate) fn wave(&self, number: u32) -> Option<&Wave> {
        self.waves.iter().find(|wave| wave.number == number)
    }

    /// The scheme of a wave with the wave's own values.
    pub(crate) fn scheme_of(&self, wave: &Wave) -> Arc<Scheme> {
        let scheme = self.scheme(&wave.scheme);
        let own = wave.overrides.as_ref().and_then(|overrides| scheme.with(overrides).ok());
        own.map_or_else(|| Arc::clone(scheme), Arc::new)
    }
}

/// The rules for what a person types today.
pub(crate) struct Rules {
    pub(crate) today: Date,
    pub(crate) scheme: Arc<Scheme>,
    /// As in [`Intake`].
    pub(crate) registered: bool,
}

impl Rules {
    pub(crate) fn intake(&self) -> Intake<'_> {
        Intake { today: self.today, scheme: &self.scheme, registered: self.registered }
    }
}

impl App {
    /// The rules for what is typed now: as at central, those under which the person began, not those that came into force
    /// since.
    pub(crate) async fn rules(&self, store: &Store, exchange: &Exchange) -> Answer<Rules> {
        let person = store.current_account().await?.map_or(NOBODY, |account| account.id);
        let case = Case::read(store, person).await?;
        let today = jakarta_day(self.best_now(store, exchange).await);
        Ok(Rules { today, registered: case.facts().freezes_identity(), scheme: case.scheme })
    }
}
