//! Commitments as this computer keeps them: the one that was named first for a draw, and those that central voided.
//!
//! A commitment that is exchanged without a word is never accepted. One that central voids in the open, with a reason, makes
//! room for another; it stays here all the same, whatever the catalogue says of it later.

use prakerja_protocol::application::VoidedSelection;
use prakerja_store::{NOBODY, Store};
use serde::{Deserialize, Serialize};
use tokio::sync::MutexGuard;

use crate::error::Answer;
use crate::facts;
use crate::ipc::wave::VoidedDraw;
use crate::programme::Programme;
use crate::{App, Opened};

/// The commitment as it was named first.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) digest: String,
    pub(super) at: i64,
    /// When the catalogue named another one for the first time.
    #[serde(default)]
    pub(super) other_at: Option<i64>,
}

/// A draw that was voided, as it was first said.
#[derive(Serialize, Deserialize)]
struct KeptVoid {
    #[serde(flatten)]
    said: VoidedSelection,
    /// Since when this computer had kept its commitment; absent when it had not.
    kept_at: Option<i64>,
    /// When this computer heard that it was voided.
    heard_at: i64,
}

impl App {
    /// Keeps the digest of every commitment that is named for the first time, notes which were voided, and when another one
    /// is named without that. Gives the programme that says so: as long as the guard lives, nobody keeps what a newer one
    /// says.
    pub(crate) async fn keep_commitments(&self, opened: &Opened) -> Answer<(Programme, MutexGuard<'_, ()>)> {
        let store = &opened.store;
        let now = self.best_now(store, &opened.exchange()).await;
        let turn = self.inner.commitments.lock().await;
        let programme = Programme::read(store).await?;
        for wave in &programme.waves {
            let mut kept = self.kept(store, wave.number).await?;
            if !wave.voided.is_empty() {
                self.keep_voided(store, wave.number, &wave.voided, kept.as_ref(), now).await?;
                let is_voided = |kept: &Kept| wave.voided.iter().any(|voided| voided.commitment == kept.digest);
                // Exchanged first and explained afterwards is exchanged.
                if kept.as_ref().is_some_and(|kept| kept.other_at.is_none() && is_voided(kept)) {
                    store.set_fact(NOBODY, &self.fact_of("commitment", wave.number), None).await?;
                    kept = None;
                }
            }
            let Some(selection) = &wave.selection else { continue };
            let kept = match kept {
                None => Kept { digest: selection.commitment.clone(), at: now, other_at: None },
                Some(kept) if kept.digest != selection.commitment && kept.other_at.is_none() => {
                    tracing::error!(wave = wave.number, "central names another commitment than before");
                    Kept { other_at: Some(now), ..kept }
                }
                Some(_) => continue,
            };
            facts::keep(store, NOBODY, &self.fact_of("commitment", wave.number), &kept).await?;
        }
        Ok((programme, turn))
    }

    async fn keep_voided(
        &self,
        store: &Store,
        wave: u32,
        said: &[VoidedSelection],
        kept: Option<&Kept>,
        now: i64,
    ) -> Answer<()> {
        let mut known = self.kept_voided(store, wave).await?;
        let before = known.len();
        for said in said {
            if known.iter().any(|known| known.said.commitment == said.commitment) {
                continue;
            }
            tracing::warn!(wave, "central voided a draw");
            let kept_at = kept.filter(|kept| kept.digest == said.commitment).map(|kept| kept.at);
            known.push(KeptVoid { said: said.clone(), kept_at, heard_at: now });
        }
        if known.len() > before {
            facts::keep(store, NOBODY, &self.fact_of("voided", wave), &known).await?;
        }
        Ok(())
    }

    pub(super) async fn kept(&self, store: &Store, wave: u32) -> Answer<Option<Kept>> {
        facts::read(store, NOBODY, &self.fact_of("commitment", wave)).await
    }

    async fn kept_voided(&self, store: &Store, wave: u32) -> Answer<Vec<KeptVoid>> {
        Ok(facts::read(store, NOBODY, &self.fact_of("voided", wave)).await?.unwrap_or_default())
    }

    /// What the window shows of a wave's draws that were voided, oldest first.
    pub(crate) async fn voided_draws(&self, opened: &Opened, wave: u32) -> Answer<Vec<VoidedDraw>> {
        let draw = |KeptVoid { said, kept_at, heard_at }: KeptVoid| VoidedDraw {
            value_known: said.voided_at >= said.beacon_due_at,
            commitment: said.commitment,
            committed_at: said.committed_at,
            voided_at: said.voided_at,
            reason: said.reason,
            kept_at,
            heard_at,
        };
        Ok(self.kept_voided(&opened.store, wave).await?.into_iter().map(draw).collect())
    }
}
