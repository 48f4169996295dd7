//! Waves and the person's own application, as two lines: the wave's state follows the clock and the catalogue, the
//! application's follows central, and a join that waits here is shown as what it is.

use std::collections::BTreeMap;

use jiff::civil::Date;
use prakerja_domain::admission::{self, NotAdmitted, Unfit};
use prakerja_domain::calendar::jakarta_day;
use prakerja_domain::declaration::{Declaration, DeclarationAnswer};
use prakerja_domain::profile::{self, Fields, ProfileField};
use prakerja_domain::registration::{Facts, Step};
use prakerja_domain::scheme::{Consent, Scheme};
use prakerja_domain::wave::{Drawing, WaveState};
use prakerja_protocol::application::{Wave, WaveJoin};
use prakerja_protocol::registration::ConsentGiven;
use prakerja_protocol::sync::Command;
use prakerja_store::{DraftChange, NOBODY};
use uuid::Uuid;

use crate::applications::Applications;
use crate::error::Answer;
use crate::ipc::registration::{ConsentRow, DeclarationRow};
use crate::ipc::wave::{WaveRow, WavesView};
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::programme::Programme;
use crate::registration::Case;
use crate::{App, Opened};

/// What decides whether a wave can be joined.
pub(crate) struct Applicant {
    /// The personal data that is here.
    profile: Fields,
    /// The province that central knows from an earlier wave, for where the data is not here.
    told: Option<String>,
    birth_date: Option<String>,
    case: Case,
    member: bool,
    today: Date,
}

impl Applicant {
    /// Whether the registration admits to a wave of this scheme: the same judgement as central's.
    fn admitted(&self, scheme: &Scheme) -> Result<(), NotAdmitted> {
        match &self.case.record {
            Some(record) => {
                record.registered(&self.case.scheme, self.birth_date.as_deref()).admitted(scheme, self.today)
            }
            None => Facts::default().allows(Step::JoinWave, false).map_err(NotAdmitted::Step),
        }
    }

    /// Whether the person could join this wave while it is open.
    pub(crate) fn may_join(&self, wave: &Wave, scheme: &Scheme) -> bool {
        !self.member && self.may_from_here(wave, scheme) != Some(false) && self.admitted(scheme).is_ok()
    }

    /// The province that counts by a scheme.
    fn province(&self, scheme: &Scheme) -> Option<&str> {
        let village = profile::region(&self.profile, scheme.selection.region);
        village.and_then(|code| code.get(..2)).or(self.told.as_deref())
    }

    fn may_from_here(&self, wave: &Wave, scheme: &Scheme) -> Option<bool> {
        if wave.provinces.is_empty() {
            return Some(true);
        }
        self.province(scheme).map(|province| wave.provinces.iter().any(|code| code == province))
    }
}

impl App {
    /// Waves, the own application, and what stands between the two.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_waves(&self) -> Answer<WavesView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        // Whoever reads before the catalogue's news was dealt with must not see a voided draw as an exchanged one.
        let (programme, _turn) = self.keep_commitments(&opened).await?;
        let now = self.best_now(&opened.store, &opened.exchange()).await;
        let applications = Applications::read(&opened, person).await?;
        let applicant = self.applicant(&opened, person, &applications).await?;
        let standing = opened.exchange().standing();
        let state = |wave: &Wave| WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing);
        let is_shown = |wave: &&Wave| {
            matches!(state(wave), WaveState::Announced | WaveState::Open)
                || applications.record(wave.number).is_some()
                || applications.command(wave.number).is_some()
        };
        let mut shown: Vec<&Wave> = programme.waves.iter().filter(is_shown).collect();
        shown.sort_by_key(|wave| std::cmp::Reverse(wave.number));
        let mut waves = Vec::with_capacity(shown.len());
        for wave in shown {
            let mut row = row(wave, state(wave), &programme.scheme_of(wave), &applicant);
            row.joinable &= !applications.has_joined(wave.number);
            row.application = applications.view(wave.number, Some(state(wave)), &standing);
            row.selection = self.selection_row(&opened, person, wave).await?;
            row.voided = self.voided_draws(&opened, wave.number).await?;
            waves.push(row);
        }
        let foremost = applications.foremost();
        let foremost = foremost.and_then(|it| applications.view(it, programme.wave(it).map(state), &standing));
        let announced = programme.waves.iter().filter(|wave| state(wave) == WaveState::Announced);
        Ok(WavesView {
            none_open: programme.waves.iter().all(|wave| state(wave) != WaveState::Open),
            next_opens_at: announced.map(|wave| wave.opens_at).min(),
            waves,
            application: foremost,
            refused: applicant.case.facts().allows(Step::JoinWave, false).err(),
            member: applicant.member,
            provable: opened.exchange().server_now_ms().is_some(),
            as_of: programme.as_of,
            now,
        })
    }

    /// Joins a wave. Made without a connection it counts when it arrives in time, or by the wave's rule for late ones.
    ///
    /// # Errors
    /// `validation` with every answer and consent that is missing (`declaration.<id>`, `consent.<id>`), `sign_in_needed`,
    /// `wave_not_open`, `not_in_region`, `already_member`, `step_refused`, `scheme_unfit`.
    pub async fn join_wave(
        &self,
        number: u32,
        consents: Vec<String>,
        answers: BTreeMap<String, bool>,
    ) -> Answer<WavesView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let exchange = opened.exchange();
        let programme = Programme::read(&opened.store).await?;
        let wave = programme.wave(number).ok_or_else(|| IpcError::new(ErrorCode::WaveNotOpen))?;
        let turn = self.inner.once.lock().await;
        let applications = Applications::read(&opened, person).await?;
        if applications.has_joined(number) {
            return self.get_waves().await;
        }
        let applicant = self.applicant(&opened, person, &applications).await?;
        if applicant.member {
            return Err(IpcError::new(ErrorCode::AlreadyMember));
        }
        let scheme = programme.scheme_of(wave);
        applicant.admitted(&scheme).map_err(not_admitted)?;
        // By a clock that somebody may have set nobody is turned away: central decides when the request arrives.
        let state = |now| WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing);
        let is_shut = exchange.server_now_ms().is_some_and(|now| state(now) != WaveState::Open);
        if is_shut || wave.drawing != Drawing::NotBegun {
            return Err(IpcError::new(ErrorCode::WaveNotOpen));
        }
        if applicant.may_from_here(wave, &scheme) == Some(false) {
            return Err(IpcError::new(ErrorCode::NotInRegion));
        }
        let given_at = self.inner.config.clock.now_ms();
        let (consents, answers) = said((&applicant.case.scheme, &scheme), (&consents, &answers), given_at)?;
        let join = Command::WaveJoin(WaveJoin { application: Uuid::now_v7(), wave: number, consents, answers });
        let command = exchange.command(&join, &format!("apply:{number}"), None, None)?;
        opened.store.enqueue(person, &command, &DraftChange::none()).await?;
        drop(turn);
        exchange.outbox_changed();
        self.told(&[Changed::Waves, Changed::Sync]).await?;
        self.get_waves().await
    }

    pub(crate) async fn applicant(
        &self,
        opened: &Opened,
        person: Uuid,
        applications: &Applications,
    ) -> Answer<Applicant> {
        let profile = if person == NOBODY { Default::default() } else { opened.store.profile(person).await? };
        let told = applications.records().map(|(_, record)| (record.received_at, record.region)).max();
        let told = told.map(|(_, region)| region);
        Ok(Applicant {
            birth_date: profile.values.get(&ProfileField::BirthDate).cloned(),
            profile: profile.values,
            told,
            case: Case::read(&opened.store, person).await?,
            member: self.is_member(opened, person).await?,
            today: jakarta_day(self.best_now(&opened.store, &opened.exchange()).await),
        })
    }
}

fn row(wave: &Wave, state: WaveState, scheme: &Scheme, applicant: &Applicant) -> WaveRow {
    let for_me = applicant.may_from_here(wave, scheme);
    let province = applicant.province(scheme);
    let name = |code: &String| prakerja_regions::find(code).map_or(code.clone(), |region| region.name.to_owned());
    let consent = |consent: &Consent| ConsentRow { id: consent.id.clone(), text: consent.text.clone(), given: false };
    let question = |question: &Declaration| DeclarationRow {
        id: question.id.clone(),
        text: question.text.clone(),
        answer: None,
        excludes: question.excluded.zip(question.reason),
    };
    let registered = &applicant.case.scheme;
    let (refused, unfit) = match applicant.admitted(scheme) {
        Ok(()) => (None, None),
        Err(NotAdmitted::Step(refusal)) => (Some(refusal), None),
        Err(NotAdmitted::Unfit(unfit)) => (None, Some(unfit)),
    };
    WaveRow {
        number: wave.number,
        state,
        opens_at: wave.opens_at,
        closes_at: wave.closes_at,
        late_until: (wave.late.grace_ms > 0).then(|| wave.closes_at.saturating_add(wave.late.grace_ms)),
        results_expected_at: wave.results_expected_at,
        quota: wave.quota,
        my_region_quota: province.and_then(|code| wave.region_quotas.get(code)).copied(),
        my_province: province.and_then(prakerja_regions::find).map(|region| region.name.to_owned()),
        provinces: wave.provinces.iter().map(name).collect(),
        for_me,
        scheme: scheme.version.clone(),
        total_idr: scheme.money.total_idr(),
        training_aid_idr: scheme.money.training_aid_idr,
        first_purchase_days: scheme.membership.first_purchase_days,
        consents: admission::consents(registered, scheme).map(consent).collect(),
        questions: admission::questions(registered, scheme).map(question).collect(),
        refused,
        unfit,
        application: None,
        selection: None,
        voided: Vec::new(),
        joinable: state == WaveState::Open && applicant.may_join(wave, scheme),
    }
}

/// The registration does not admit.
fn not_admitted(why: NotAdmitted) -> IpcError {
    tracing::info!(?why, "a wave does not admit");
    match why {
        NotAdmitted::Step(_) => IpcError::new(ErrorCode::StepRefused),
        NotAdmitted::Unfit(_) => IpcError::new(ErrorCode::SchemeUnfit),
    }
}

/// What comes with a join: each consent by itself, and the answers that the registration did not give.
fn said(
    (registered, wave): (&Scheme, &Scheme),
    (ticked, answers): (&[String], &BTreeMap<String, bool>),
    at: i64,
) -> Answer<(Vec<ConsentGiven>, Vec<DeclarationAnswer>)> {
    let ticked = |consent: &&Consent| ticked.contains(&consent.id);
    let consents: Vec<_> = admission::consents(registered, wave)
        .filter(ticked)
        .map(|it| ConsentGiven { id: it.id.clone(), version: it.version.clone(), given_at: at })
        .collect();
    let answer = |question: &Declaration| {
        let (id, version) = (question.id.clone(), question.version.clone());
        Some(DeclarationAnswer { answer: *answers.get(&id)?, id, version, answered_at: at })
    };
    let answers: Vec<_> = admission::questions(registered, wave).filter_map(answer).collect();
    let given = consents.iter().map(|it| (it.id.clone(), it.version.clone())).collect();
    let reasons = admission::check((registered, wave), &answers, &given).map_err(IpcError::validation)?;
    if !reasons.is_empty() {
        return Err(not_admitted(NotAdmitted::Unfit(Unfit { reasons, test: false })));
    }
    Ok((consents, answers))
}
