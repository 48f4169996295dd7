//! Recomputing a draw on this computer.
//!
//! Before the draw the digest of its commitment is kept as soon as the catalogue names it: whoever changes the list or the
//! rules afterwards cannot change what is here. To verify, the public files are fetched and everything is recomputed; the
//! person's own entry must be on the list as he or she was told. One changed byte, and the result must not be believed.
//! Whoever central took off the list beforehand is told so with the reason; that is no fault of the draw. A finding is kept
//! whatever a later verification says: a reason that comes after it does not undo it. What becomes of a commitment, also of
//! one that is voided, is [`kept`]'s.

mod kept;

use prakerja_domain::application::ApplicationState;
use prakerja_protocol::application::{ApplicationRecord, Wave};
use prakerja_selection::{
    Blind, Commitment, Digest, DrawResult, FormatError, Known, List, ListDecoder, Part, ReadError, Tampered, Verified,
    verify,
};
use prakerja_store::Store;
use prakerja_sync::account::AccountError;
use prakerja_sync::failure::Class;
use prakerja_sync::selection::{DrawId, SelectionFiles};
use uuid::Uuid;

use self::kept::Kept;
use crate::applications::Applications;
use crate::error::Answer;
use crate::facts;
use crate::ipc::wave::{CardOnList, EarlierFailure, ProofPart, Sealed, SelectionProof, SelectionRow, WavesView};
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::registration::Case;
use crate::{App, Opened};

/// Largest list that is fetched: eight million applications.
const LIST_BYTES: u64 = 192 * 1024 * 1024;
/// Bytes of `accepted.bin` around its bits, generously.
const AROUND_BITS: u64 = 64;
/// A commitment that was kept less than this before the public value was hardly out of the office's hands.
const SHORT_MS: i64 = 60 * 60 * 1_000;

/// What the person was told about the own application.
struct Mine {
    record: ApplicationRecord,
    /// True when central gave a reason to leave the person off the list.
    may_be_off: bool,
}

/// The files of one wave.
struct Fetched {
    commitment: Vec<u8>,
    list: Vec<u8>,
    /// Result and accepted ones, after the draw.
    drawn: Option<(Vec<u8>, Vec<u8>)>,
}

impl App {
    /// Fetches the public files of a draw and recomputes it. What came out is kept.
    ///
    /// # Errors
    /// `not_found` for a wave without a draw (or, before the draw, without an application of the person), and what keeps
    /// from reaching central. A draw that does not fit is no error: the proof says so.
    pub async fn verify_selection(&self, number: u32) -> Answer<WavesView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let (programme, turn) = self.keep_commitments(&opened).await?;
        let wave = programme.wave(number).cloned().ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        let published = wave.selection.as_ref().ok_or_else(|| IpcError::new(ErrorCode::NotFound))?.clone();
        let mine = Applications::read(&opened, person).await?.record(number).map(|(_, record)| record);
        if published.published_at.is_none() && mine.is_none() {
            return Err(IpcError::new(ErrorCode::NotFound));
        }
        let mine = match mine {
            Some(record) => Some(self.mine(&opened, person, record).await?),
            None => None,
        };
        let kept = self.kept(&opened.store, number).await?.ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        drop(turn);
        let at = self.best_now(&opened.store, &opened.exchange()).await;
        // It becomes a part of an address: nothing but a digest may.
        let proof_of = self.proof_of(number, &published.commitment);
        let fetched = match published.commitment.parse::<Digest>() {
            Ok(digest) => fetch(&opened.exchange().selection_files(), &wave, &digest).await.map(Some),
            Err(_) => Ok(None),
        };
        let proof = match fetched {
            Ok(None) => SelectionProof::Failed { at, part: ProofPart::CommitmentDigest },
            Ok(Some(files)) => {
                let check = move || prove(&files, &wave, &kept, mine.as_ref(), at);
                let proved = tokio::task::spawn_blocking(check).await;
                let proved = proved.map_err(|error| IpcError::defect("selection", &error))?;
                proved.unwrap_or_else(|code| failed(at, code))
            }
            // A file that goes on beyond what the catalogue says is known to be wrong.
            Err(AccountError::Unreachable { class: Class::TooLarge, .. }) => {
                SelectionProof::Failed { at, part: ProofPart::TooLarge }
            }
            Err(error) => return Err(crate::refusal::refused(error)),
        };
        let before = facts::read(&opened.store, person, &proof_of).await?;
        let proof = match (before, proof) {
            // What this app could read does not become of a newer version.
            (Some(SelectionProof::Listed { .. } | SelectionProof::Verified { .. }), SelectionProof::Newer { at }) => {
                SelectionProof::Failed { at, part: ProofPart::CommitmentForm }
            }
            (_, proof) => proof,
        };
        if let SelectionProof::Failed { at, part } = proof {
            tracing::error!(wave = number, ?part, "a draw is not what it should be");
            self.keep_failure(&opened.store, person, number, EarlierFailure { at, part }).await?;
        }
        facts::keep(&opened.store, person, &proof_of, &proof).await?;
        self.told(&[Changed::Waves]).await?;
        self.get_waves().await
    }

    async fn mine(&self, opened: &Opened, person: Uuid, record: ApplicationRecord) -> Answer<Mine> {
        let case = Case::read(&opened.store, person).await?.record;
        let known = case.is_some_and(|case| case.facts.blocked) || self.is_member(opened, person).await?;
        // Whoever was told a place in the draw must be in it. An end without a place is no reason: it must be named.
        let may_be_off = record.drawn.is_none() && (known || record.left_off.is_some());
        Ok(Mine { record, may_be_off })
    }

    /// What the window shows of a wave's draw. The commitment is the one that was named first; when the catalogue now names
    /// another one, no earlier proof counts and nobody needs to ask.
    pub(crate) async fn selection_row(
        &self,
        opened: &Opened,
        person: Uuid,
        wave: &Wave,
    ) -> Answer<Option<SelectionRow>> {
        let Some(selection) = &wave.selection else { return Ok(None) };
        let kept = self.kept(&opened.store, wave.number).await?;
        let verified = match &kept {
            Some(kept) if kept.digest != selection.commitment => {
                let at = kept.other_at.unwrap_or(kept.at);
                Some(SelectionProof::Failed { at, part: ProofPart::OtherCommitment })
            }
            _ => facts::read(&opened.store, person, &self.proof_of(wave.number, &selection.commitment)).await?,
        };
        let is_failed = matches!(verified, Some(SelectionProof::Failed { .. }));
        let failed_before = self.failure(&opened.store, person, wave.number).await?.filter(|_| !is_failed);
        let accepted = selection.published_at.map_or(0, |_| selection.entries.div_ceil(8));
        Ok(Some(SelectionRow {
            commitment: kept.map_or_else(|| selection.commitment.clone(), |kept| kept.digest),
            entries: selection.entries,
            download_bytes: selection.list_bytes.saturating_add(accepted),
            committed_at: selection.committed_at,
            published_at: selection.published_at,
            verified,
            failed_before,
        }))
    }

    /// Name of the fact that keeps what was found about the draw of a commitment.
    fn proof_of(&self, wave: u32, commitment: &str) -> String {
        self.fact_of(&format!("proof {commitment}"), wave)
    }

    async fn failure(&self, store: &Store, person: Uuid, wave: u32) -> Answer<Option<EarlierFailure>> {
        facts::read(store, person, &self.fact_of("failure", wave)).await
    }

    /// Keeps the first failure of a wave for good, also when its draw is voided.
    async fn keep_failure(&self, store: &Store, person: Uuid, wave: u32, failure: EarlierFailure) -> Answer<()> {
        if self.failure(store, person, wave).await?.is_none() {
            facts::keep(store, person, &self.fact_of("failure", wave), &failure).await?;
        }
        Ok(())
    }

    /// Name of a fact about a wave: another central has waves of its own with the same numbers.
    fn fact_of(&self, what: &str, wave: u32) -> String {
        format!("selection {what} {wave} {}", self.central().url)
    }
}

async fn fetch(files: &SelectionFiles, wave: &Wave, digest: &Digest) -> Result<Fetched, AccountError> {
    let draw = DrawId { wave: wave.number, commitment: digest.to_string() };
    let said = wave.selection.as_ref();
    let limit = |bytes: u64| usize::try_from(bytes.min(LIST_BYTES)).unwrap_or(usize::MAX);
    let commitment = files.commitment(&draw).await?;
    let list = files.list(&draw, limit(said.map_or(0, |said| said.list_bytes))).await?;
    let drawn = if said.is_some_and(|said| said.published_at.is_some()) {
        let bits = said.map_or(0, |said| said.entries.div_ceil(8)).saturating_add(AROUND_BITS);
        Some((files.result(&draw).await?, files.accepted(&draw, limit(bits)).await?))
    } else {
        None
    };
    Ok(Fetched { commitment, list, drawn })
}

/// What is said of a code. Another version is no finding.
fn failed(at: i64, code: &str) -> SelectionProof {
    match code {
        "version" => SelectionProof::Newer { at },
        code => SelectionProof::Failed { at, part: ProofPart::of(code) },
    }
}

/// Recomputes everything. The error names the part that differs; words for it are the UI's.
fn prove(
    files: &Fetched,
    wave: &Wave,
    first: &Kept,
    mine: Option<&Mine>,
    at: i64,
) -> Result<SelectionProof, &'static str> {
    let form = |part| move |error: FormatError| Tampered::Form { part, error };
    let code = |error: Tampered| error.code();
    let kept: Digest = first.digest.parse().map_err(|_| "commitment_digest")?;
    let commitment = Commitment::from_json(&files.commitment).map_err(form(Part::Commitment)).map_err(code)?;
    commitment.check().map_err(Tampered::from).map_err(code)?;
    // The digest that the catalogue says now must be the one that it said first, too.
    let said = wave.selection.as_ref().map(|said| said.commitment.as_str());
    if commitment.digest != kept || said != Some(commitment.digest.to_string().as_str()) {
        return Err(Tampered::OtherCommitment.code());
    }
    if commitment.wave != wave.number {
        return Err("rules");
    }
    let list = unpack(&files.list, &commitment)?;
    if list.digest() != commitment.list_digest || list.entries().len() as u64 != commitment.entries {
        return Err("list_digest");
    }
    let own = match mine {
        Some(mine) => listed(&list, &commitment, mine)?,
        None => None,
    };
    let off_list = mine.is_some() && own.is_none();
    let due_at = commitment.beacon.due_at_ms;
    let sealed = Sealed {
        beacon: commitment.beacon.description.clone(),
        beacon_due_at: due_at,
        kept_at: first.at,
        kept_in_time: first.at < due_at,
        kept_short: (1..SHORT_MS).contains(&due_at.saturating_sub(first.at)),
    };
    let Some((result, accepted)) = &files.drawn else {
        let card = own.and_then(|blind| card(&list, &blind));
        return Ok(SelectionProof::Listed { at, entries: commitment.entries, off_list, card, sealed });
    };
    let result = DrawResult::from_json(result).map_err(form(Part::Result)).map_err(code)?;
    let known = Known { commitment: Some(kept), beacon_value: None };
    let verified = verify(&commitment, list, &result, Some(accepted), &known).map_err(code)?;
    let place = match (mine, own) {
        (Some(mine), Some(blind)) => Some(placed(&verified, &blind, &mine.record)?),
        _ => None,
    };
    Ok(SelectionProof::Verified {
        at,
        entries: commitment.entries,
        accepted: result.accepted,
        position: place.map(|(position, _)| position),
        mine: place.map(|(_, accepted)| accepted),
        off_list,
        beacon: result.beacon_value,
        sealed,
    })
}

/// The list unpacked piece by piece: one that never ends is given up at the entry after its last.
fn unpack(packed: &[u8], commitment: &Commitment) -> Result<List, &'static str> {
    let code = |error: prakerja_selection::ListError| Tampered::from(error).code();
    let decoder = ListDecoder::new(commitment.rules.clone()).map_err(code)?;
    let source = zstd::stream::Decoder::new(packed).map_err(|_| "list")?;
    decoder.read(source).map_err(|error| match error {
        ReadError::Source(_) => "list",
        ReadError::List(error) => code(error),
    })
}

/// The person's entry must be there, in the class and region that he or she was told; `None` when it is not, as central
/// said.
fn listed(list: &List, commitment: &Commitment, mine: &Mine) -> Result<Option<Blind>, &'static str> {
    let Mine { record: mine, may_be_off } = mine;
    let blind: Blind = mine.blind.parse().map_err(|_| "not_listed")?;
    let Some(entry) = list.entry(&blind) else {
        return if *may_be_off { Ok(None) } else { Err("not_listed") };
    };
    let class = commitment.rules.classes.get(usize::from(entry.class)).map(|class| class.name.as_str());
    let region = commitment.rules.regions.get(usize::from(entry.region)).map(|region| region.code.as_str());
    let is_otherwise = class != Some(mine.class.as_str()) || region != Some(mine.region.as_str());
    // Who was told not to be on the list must not be there either: somebody would take part in his or her name.
    if is_otherwise || mine.left_off.is_some() {
        return Err("own_entry");
    }
    Ok(Some(blind))
}

/// What the list says of the family card of an entry.
fn card(list: &List, blind: &Blind) -> Option<CardOnList> {
    let own = list.entry(blind)?;
    // Number 0 stands for everybody who is alone with the card.
    let family = list.entries().iter().filter(|entry| own.family != 0 && entry.family == own.family).count();
    let others = u32::try_from(family.saturating_sub(1)).unwrap_or(u32::MAX);
    Some(CardOnList { free: own.family_free, others })
}

/// The person's place must be the one that central told, and so must the outcome.
fn placed(verified: &Verified, blind: &Blind, mine: &ApplicationRecord) -> Result<(u64, bool), &'static str> {
    let place = verified.place(blind).ok_or("not_listed")?;
    let told = mine.drawn.as_ref();
    let outcome = match mine.state {
        ApplicationState::Accepted => Some(true),
        ApplicationState::NotAccepted => Some(false),
        ApplicationState::JoinedWaitingClose | ApplicationState::Processing => None,
    };
    // Settled without a place means that central left the person off, and here he or she stood on the list.
    let differs = (outcome.is_some() && told.is_none())
        || told.is_some_and(|told| (told.position, told.of) != (place.position, place.of))
        || outcome.is_some_and(|accepted| accepted != place.accepted);
    if differs { Err("own_place") } else { Ok((place.position, place.accepted)) }
}
