//! Waves and the person's own application, as two lines: the wave's state follows the clock and the catalogue, the
//! application's follows central, and a join that waits here is shown as what it is.

use prakerja_domain::application::ApplicationState;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{Step, StepRefusal};
use prakerja_domain::scheme::{ConsentMoment, Scheme};
use prakerja_domain::wave::{Drawing, WaveState};
use prakerja_protocol::application::{ApplicationRecord, Wave, WaveJoin};
use prakerja_protocol::problem::Problem;
use prakerja_protocol::registration::ConsentGiven;
use prakerja_protocol::sync::Command;
use prakerja_store::{DraftChange, Matter, NOBODY, OutboxRow, kind};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::delivery::stands;
use crate::error::Answer;
use crate::exchange::Standing;
use crate::ipc::registration::ConsentRow;
use crate::ipc::wave::{ApplicationView, DrawnView, WaveRow, WavesView};
use crate::ipc::{Changed, Delivery, ErrorCode, IpcError};
use crate::programme::Programme;
use crate::registration::Case;
use crate::sync_view::{is_cancellable, is_open_refusal};
use crate::{App, Opened};

/// What the person applied for.
pub(crate) struct Applications {
    pub(crate) matter: Matter,
}

impl Applications {
    pub(crate) async fn read(opened: &Opened, person: Uuid) -> Answer<Self> {
        let matter = match person {
            NOBODY => Matter::default(),
            person => opened.store.matter(person, "application", &[kind::WAVE_JOIN]).await?,
        };
        Ok(Self { matter })
    }

    /// What central said of the application to a wave.
    pub(crate) fn record(&self, wave: u32) -> Option<(Uuid, ApplicationRecord)> {
        self.records().find(|(_, record)| record.wave == wave)
    }

    fn records(&self) -> impl Iterator<Item = (Uuid, ApplicationRecord)> {
        let records = self.matter.records.iter();
        records.filter_map(|record| Some((record.id, ApplicationRecord::deserialize(&record.data).ok()?)))
    }

    /// The newest join of a wave that has something to say.
    fn command(&self, wave: u32) -> Option<(&OutboxRow, WaveJoin)> {
        let joins = self.matter.commands.iter().rev().filter(|command| stands(command));
        let mut joins = joins.filter_map(|command| Some((command, WaveJoin::deserialize(&command.payload).ok()?)));
        joins.find(|(_, join)| join.wave == wave)
    }

    /// True when the person has joined a wave, or asked to and was not refused.
    fn has_joined(&self, wave: u32) -> bool {
        self.record(wave).is_some() || self.command(wave).is_some_and(|(command, _)| !is_open_refusal(command))
    }

    /// The newest wave that the person applied for.
    fn newest(&self) -> Option<u32> {
        let asked = self.matter.commands.iter().filter(|command| stands(command));
        let asked = asked.filter_map(|command| Some(WaveJoin::deserialize(&command.payload).ok()?.wave));
        self.records().map(|(_, record)| record.wave).chain(asked).max()
    }

    fn view(&self, wave: u32, state: Option<WaveState>, standing: &Standing) -> Option<ApplicationView> {
        let (record, command) = (self.record(wave), self.command(wave));
        let application = record.as_ref().map(|(id, _)| *id).or(command.as_ref().map(|(_, join)| join.application))?;
        let record = record.map(|(_, record)| record);
        let command = command.map(|(command, _)| command);
        let received = record.as_ref().map(|record| record.received_at).unwrap_or_default();
        let settled = |record: &ApplicationRecord| match state {
            Some(state) if !record.state.is_settled() => ApplicationState::waiting(state),
            _ => record.state,
        };
        let open = |command: &&OutboxRow| command.done_at.is_none() || is_open_refusal(command);
        Some(ApplicationView {
            application,
            wave,
            state: record.as_ref().map(settled),
            counted: record.as_ref().map(|record| record.counted),
            // Joined on another computer: the receipt is there.
            delivery: command
                .map_or(Delivery::Received { at: received, receipt: String::new() }, |it| standing.delivery(it)),
            refused: command.filter(|command| is_open_refusal(command)).map(refusal),
            blind: record.as_ref().map(|record| record.blind.clone()),
            class: record.as_ref().map(|record| record.class),
            drawn: record.and_then(|record| record.drawn).map(|drawn| DrawnView {
                position: drawn.position,
                of: drawn.of,
                passed_over: drawn.passed_over,
                published_at: drawn.published_at,
            }),
            command: command.filter(open).filter(|command| is_cancellable(command)).map(|command| command.id),
        })
    }
}

/// The word for central's refusal.
fn refusal(command: &OutboxRow) -> String {
    let problem = command.last_problem.as_ref().and_then(|problem| Problem::deserialize(problem).ok());
    let word = problem.and_then(|problem| serde_json::to_value(problem.code).ok());
    word.as_ref().and_then(|word| word.as_str()).unwrap_or("unknown").replace('-', "_")
}

/// What decides whether a wave can be joined.
struct Applicant {
    province: Option<String>,
    refused: Option<StepRefusal>,
    member: bool,
}

impl Applicant {
    fn may_from_here(&self, wave: &Wave) -> Option<bool> {
        if wave.provinces.is_empty() {
            return Some(true);
        }
        self.province.as_ref().map(|province| wave.provinces.contains(province))
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
        let programme = Programme::read(&opened.store).await?;
        let now = self.best_now(&opened.store, &opened.exchange()).await;
        let applications = Applications::read(&opened, person).await?;
        let applicant = self.applicant(&opened, person, &applications).await?;
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
            row.selection = self.selection_row(&opened, person, wave).await?;
            waves.push(row);
        }
        let standing = opened.exchange().standing();
        let newest = applications.newest();
        let newest = newest.and_then(|it| applications.view(it, programme.wave(it).map(state), &standing));
        let announced = programme.waves.iter().filter(|wave| state(wave) == WaveState::Announced);
        Ok(WavesView {
            none_open: programme.waves.iter().all(|wave| state(wave) != WaveState::Open),
            next_opens_at: announced.map(|wave| wave.opens_at).min(),
            waves,
            application: newest,
            refused: applicant.refused,
            member: applicant.member,
            my_province: applicant.province.and_then(|code| prakerja_regions::find(&code)).map(|it| it.name.to_owned()),
            as_of: programme.as_of,
        })
    }

    /// Joins a wave. Made without a connection it counts when it arrives in time, or by the wave's rule for late ones.
    ///
    /// # Errors
    /// `validation` with every consent that is missing (`consent.<id>`), `sign_in_needed`, `wave_not_open`,
    /// `not_in_region`, `already_member`, `step_refused`.
    pub async fn join_wave(&self, number: u32, consents: Vec<String>) -> Answer<WavesView> {
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
        Case::read(&opened.store, person).await?.demand(Step::JoinWave)?;
        // By a clock that somebody may have set nobody is turned away: central decides when the request arrives.
        let state = |now| WaveState::at(now, wave.opens_at, wave.closes_at, wave.drawing);
        let is_shut = exchange.server_now_ms().is_some_and(|now| state(now) != WaveState::Open);
        if is_shut || wave.drawing != Drawing::NotBegun {
            return Err(IpcError::new(ErrorCode::WaveNotOpen));
        }
        if applicant.may_from_here(wave) == Some(false) {
            return Err(IpcError::new(ErrorCode::NotInRegion));
        }
        let given_at = self.inner.config.clock.now_ms();
        let consents = agreed(&programme.scheme_of(wave), &consents, given_at).map_err(IpcError::validation)?;
        let join = Command::WaveJoin(WaveJoin { application: Uuid::now_v7(), wave: number, consents });
        let command = exchange.command(&join, &format!("apply:{number}"), None, None)?;
        opened.store.enqueue(person, &command, &DraftChange::none()).await?;
        drop(turn);
        exchange.outbox_changed();
        self.told(&[Changed::Waves, Changed::Sync]).await?;
        self.get_waves().await
    }

    async fn applicant(&self, opened: &Opened, person: Uuid, applications: &Applications) -> Answer<Applicant> {
        let profile = if person == NOBODY { Default::default() } else { opened.store.profile(person).await? };
        // The identity card's province counts; one that central knows from an earlier wave helps where the data is not here.
        let told = applications.newest().and_then(|wave| applications.record(wave)).map(|(_, record)| record.region);
        let village = profile.values.get(&ProfileField::KtpRegion);
        let province = village.and_then(|code| code.get(..2)).map(str::to_owned).or(told);
        let refused = Case::read(&opened.store, person).await?.allows(Step::JoinWave).err();
        Ok(Applicant { province, refused, member: self.is_member(opened, person).await? })
    }
}

fn row(wave: &Wave, state: WaveState, scheme: &Scheme, applicant: &Applicant) -> WaveRow {
    let for_me = applicant.may_from_here(wave);
    let name = |code: &String| prakerja_regions::find(code).map_or(code.clone(), |region| region.name.to_owned());
    let consents = scheme.consents.iter().filter(|consent| consent.at == ConsentMoment::Join);
    let consent = |consent: &prakerja_domain::scheme::Consent| ConsentRow {
        id: consent.id.clone(),
        text: consent.text.clone(),
        given: false,
    };
    WaveRow {
        number: wave.number,
        state,
        opens_at: wave.opens_at,
        closes_at: wave.closes_at,
        late_until: (wave.late.grace_ms > 0).then(|| wave.closes_at.saturating_add(wave.late.grace_ms)),
        results_expected_at: wave.results_expected_at,
        quota: wave.quota,
        my_region_quota: applicant.province.as_ref().and_then(|code| wave.region_quotas.get(code)).copied(),
        provinces: wave.provinces.iter().map(name).collect(),
        for_me,
        scheme: scheme.version.clone(),
        total_idr: scheme.money.total_idr(),
        training_aid_idr: scheme.money.training_aid_idr,
        first_purchase_days: scheme.membership.first_purchase_days,
        consents: consents.map(consent).collect(),
        selection: None,
        joinable: state == WaveState::Open && for_me != Some(false) && applicant.refused.is_none() && !applicant.member,
    }
}

/// The agreement, each consent by itself; those that are missing, in their order.
fn agreed(scheme: &Scheme, ticked: &[String], given_at: i64) -> Result<Vec<ConsentGiven>, Vec<FieldError>> {
    let asked = || scheme.consents.iter().filter(|consent| consent.at == ConsentMoment::Join);
    let missing: Vec<_> = asked()
        .filter(|consent| !ticked.contains(&consent.id))
        .map(|consent| FieldError::new(&format!("consent.{}", consent.id), FieldErrorCode::NotAccepted))
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let given =
        asked().map(|consent| ConsentGiven { id: consent.id.clone(), version: consent.version.clone(), given_at });
    Ok(given.collect())
}
