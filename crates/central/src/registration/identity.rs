//! Match with the civil registry: `identity.submit`, and what follows from the registry's answer.
//!
//! Nobody may search the registry, or our own accounts, through us. Tries are counted per person, and accounts per identity
//! number: a stranger must not make its holder wait. They are taken before anything is looked up. The answer says which
//! fields to look at again and never what would be right. Somebody else's recipients and family are mentioned only to whom
//! the registry knows.

use prakerja_domain::calendar::jakarta_day;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::profile::{self, Fields, Intake, ProfileField};
use prakerja_domain::registration::{IdentityMatch, Step};
use prakerja_domain::scheme::{ConsentMoment, IdentityRules};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{IdentityStatus, IdentitySubmit};
use serde::Deserialize;
use uuid::Uuid;

use super::case::{self, Case};
use super::tries::{self, Rule, Try};
use super::{Saved, Settled, blind, consents, declarations, missing_party, notice, once, recipients};
use crate::clock::{ms, wait};
use crate::db::Id;
use crate::errands::{self, Errand, Fate, Kind};
use crate::registry::{Answer, Earlier, Question};
use crate::state::Central;
use crate::sync::{Change, Records, SyncError};
use crate::word::read_word;

/// Another try where the registry is being asked about the number for somebody else.
const CLAIM_RETRY_MS: u64 = 60 * 1_000;

/// How the claim of an account to a number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Claim {
    /// The registry is being asked.
    Pending,
    /// It said yes.
    Matched,
}

/// Carries out `identity.submit`.
pub(crate) async fn submit(records: &mut Records<'_>, person: Uuid, submitted: &IdentitySubmit) -> Settled {
    let mut case = Case::load(records, person).await?;
    let scheme = case.scheme(records.central);
    if let Err(problem) = case.allows(Step::SubmitIdentity, &scheme) {
        return Ok(Err(problem));
    }
    if let Err(problem) = consents::check(&scheme, ConsentMoment::Identity, &submitted.consents) {
        return Ok(Err(problem));
    }
    if !records.central.registries.of(&scheme.version).is_there() {
        return Ok(Err(missing_party("no civil registry is configured")));
    }
    let typed = records.profile(person).await?;
    let intake = Intake { today: jakarta_day(records.at), scheme: &scheme, registered: false };
    let question = match profile::check(&typed, &profile::needed(&typed), &intake) {
        Ok(fields) => question(&fields),
        Err(wrong) => {
            let problem = Problem::new(ProblemCode::ProfileIncomplete, 422, "the personal data is not complete");
            return Ok(Err(problem.with_fields(wrong)));
        }
    };
    let (nik_index, kk_index) =
        (blind::nik(records.central, &question.nik), blind::kk(records.central, &question.kk_number));
    let (left, locked_until) = match take_try(records, person, &nik_index, &scheme.identity).await? {
        Try::Granted { left, locked_until } => (left, locked_until),
        Try::Locked { until } => {
            let problem = Problem::new(ProblemCode::RateLimited, 429, "too many tries");
            return Ok(Err(problem.with_retry_after_ms(wait(until, records.central.clock.now_ms()))));
        }
    };
    let status = IdentityStatus { at: records.at, differs: Vec::new(), tries_left: left, locked_until };
    match claim_of_another(records, person, &nik_index).await? {
        None => {}
        Some(Claim::Matched) => {
            // The person sees the count although nothing was asked.
            case.record.identity = Some(status);
            case.save(records).await?;
            return Ok(Err(Problem::new(ProblemCode::NikTaken, 409, "another account has this identity number")));
        }
        // Whose number it is, nobody knows yet: no final no, and the try is not lost.
        Some(Claim::Pending) => {
            let problem = Problem::new(ProblemCode::RateLimited, 429, "the registry is being asked about this number");
            return Ok(Err(problem.with_retry_after_ms(CLAIM_RETRY_MS)));
        }
    }
    consents::keep(records, person, (&scheme, ConsentMoment::Identity), &submitted.consents).await?;
    let errand = errands::queue(records, person, Kind::Identity, &question).await?;
    claim(records, person, (&nik_index, &kk_index), errand).await?;
    case.record.facts.identity = Some(IdentityMatch::Pending);
    case.record.facts.profile_complete = true;
    case.record.identity = Some(status);
    let saved = case.save(records).await?;
    notice::tell(records, person, NoticeKind::IdentitySubmitted, &[], None).await?;
    Ok(Ok(Saved::from(saved)))
}

/// What a person's tries are counted by.
fn of_person(person: &Uuid) -> [&[u8]; 2] {
    [b"identity of", person.as_bytes()]
}

/// What the accounts that ask about a number are counted by.
fn of_number(nik_index: &[u8]) -> [&[u8]; 2] {
    [b"identity", nik_index]
}

/// By what it is known that an account was counted for a number.
fn of_both<'a>(person: &'a Uuid, nik_index: &'a [u8]) -> [&'a [u8]; 3] {
    [b"identity of", person.as_bytes(), nik_index]
}

/// Takes a try of the person and counts the account, once in a window, among those that ask about the number. Whoever was
/// counted is not kept out by those who came later.
async fn take_try(
    records: &mut Records<'_>,
    person: Uuid,
    nik_index: &[u8],
    rules: &IdentityRules,
) -> Result<Try, SyncError> {
    let (number, both) = (of_number(nik_index), of_both(&person, nik_index));
    let window_ms = ms(rules.lock_s);
    let counted = tries::is_counted(records.tx, records.central, &both).await?;
    if !counted && let Some(until) = tries::locked_until(records.tx, records.central, &number).await? {
        return Ok(Try::Locked { until });
    }
    let rule = Rule { most: rules.max_tries, window_ms };
    let own = tries::take(records.tx, records.central, &of_person(&person), rule).await?;
    if !counted && matches!(own, Try::Granted { .. }) {
        for (what, most) in [(&both[..], u32::MAX), (&number[..], rules.max_accounts)] {
            tries::take(records.tx, records.central, what, Rule { most, window_ms }).await?;
        }
    }
    Ok(own)
}

/// Until when the person may not try, also where too many others asked about the number.
async fn lock(records: &mut Records<'_>, person: Uuid) -> Result<Option<i64>, SyncError> {
    let own = tries::locked_until(records.tx, records.central, &of_person(&person)).await?;
    let Some(nik) = records.profile(person).await?.remove(&ProfileField::Nik) else { return Ok(own) };
    let nik_index = blind::nik(records.central, &nik);
    if tries::is_counted(records.tx, records.central, &of_both(&person, &nik_index)).await? {
        return Ok(own);
    }
    Ok(own.max(tries::locked_until(records.tx, records.central, &of_number(&nik_index)).await?))
}

/// Notes a lock in the case.
pub(crate) async fn note_lock(records: &mut Records<'_>, person: Uuid) -> Result<(), SyncError> {
    let until = lock(records, person).await?;
    let mut case = Case::load(records, person).await?;
    let noted = case.record.identity.as_ref().and_then(|status| status.locked_until);
    if until.is_none() || until == noted {
        return Ok(());
    }
    let tries_left = case.scheme(records.central).identity.max_tries;
    let at = records.at;
    let fresh = || IdentityStatus { at, differs: Vec::new(), tries_left, locked_until: None };
    case.record.identity.get_or_insert_with(fresh).locked_until = until;
    case.save(records).await?;
    Ok(())
}

fn question(fields: &Fields) -> Question {
    let value = |field| fields.get(&field).cloned().unwrap_or_default();
    Question {
        nik: value(ProfileField::Nik),
        kk_number: value(ProfileField::KkNumber),
        full_name: value(ProfileField::FullName),
        birth_date: value(ProfileField::BirthDate),
    }
}

/// How the claim of another account to a number stands, if there is one.
async fn claim_of_another(
    records: &mut Records<'_>,
    person: Uuid,
    nik_index: &[u8],
) -> Result<Option<Claim>, SyncError> {
    let state: Option<String> =
        sqlx::query_scalar("select state from identity_claim where nik_index = $1 and person_id <> $2")
            .bind(nik_index)
            .bind(Id(person))
            .fetch_optional(&mut *records.tx)
            .await?;
    state.as_deref().map(read_word).transpose()
}

async fn claim(
    records: &mut Records<'_>,
    person: Uuid,
    (nik_index, kk_index): (&[u8], &[u8]),
    errand: Uuid,
) -> Result<(), SyncError> {
    sqlx::query(
        "insert into identity_claim (person_id, nik_index, kk_index, asked_by, state)
         values ($1, $2, $3, $4, 'pending')
         on conflict (person_id) do update
         set nik_index = excluded.nik_index, kk_index = excluded.kk_index, asked_by = excluded.asked_by,
             state = excluded.state, family_recipients = 0",
    )
    .bind(Id(person))
    .bind(nik_index)
    .bind(kk_index)
    .bind(Id(errand))
    .execute(&mut *records.tx)
    .await?;
    Ok(())
}

/// The errand: asks the registry of the case's scheme, then writes what follows.
pub(crate) async fn ask(central: &Central, errand: &Errand) -> Fate {
    let Some(question) = errand.content::<Question>(central) else { return Fate::failed("unreadable") };
    let scheme = match case::scheme_of(central, errand.person).await {
        Ok(scheme) => scheme,
        Err(error) => {
            tracing::error!(errand = %errand.id, ?error, "the case of a match could not be read");
            return Fate::failed("unreadable");
        }
    };
    let answer = match central.registries.of(&scheme.version).ask(errand.id, &question).await {
        Ok(answer) => answer,
        Err(error) => return Fate::failed(error.to_string()),
    };
    match settle(central, errand, answer).await {
        Ok(()) => Fate::Done,
        Err(error) => {
            tracing::error!(errand = %errand.id, ?error, "an answer of the civil registry could not be written");
            Fate::failed("not written")
        }
    }
}

async fn settle(central: &Central, errand: &Errand, answer: Answer) -> crate::error::ApiResult<()> {
    let mut change = Change::begin(central).await?;
    let records = &mut change.records(errand.person);
    let claim: Option<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "select nik_index, kk_index from identity_claim where person_id = $1 and asked_by = $2 and state = 'pending'",
    )
    .bind(Id(errand.person))
    .bind(Id(errand.id))
    .fetch_optional(&mut *records.tx)
    .await?;
    // Written already, before a crash.
    let Some((nik_index, kk_index)) = claim else { return Ok(()) };
    // Kept with the claim: the draw counts them, too.
    sqlx::query("update identity_claim set family_recipients = $1 where person_id = $2")
        .bind(i64::from(answer.family_recipients))
        .bind(Id(errand.person))
        .execute(&mut *records.tx)
        .await?;
    let mut case = Case::load(records, errand.person).await?;
    let differs = answer.differs();
    let family_max = i64::from(case.scheme(central).identity.family_max);
    let (found, told) = if !differs.is_empty() {
        (IdentityMatch::Mismatch, NoticeKind::IdentityMismatch)
    } else if answer.earlier == Earlier::Recipient || recipients::is_recipient(records.tx, &nik_index).await? {
        (IdentityMatch::AlreadyRecipient, NoticeKind::AlreadyRecipient)
    } else if answer.earlier == Earlier::FamilyFull
        || recipients::recipients_of_family(records.tx, &kk_index).await? >= family_max
    {
        (IdentityMatch::KkQuotaFull, NoticeKind::KkQuotaFull)
    } else {
        (IdentityMatch::Matched, NoticeKind::IdentityMatched)
    };
    // A number that was not matched is nobody's: its holder may come.
    let keep = if found == IdentityMatch::Matched {
        "update identity_claim set state = 'matched' where person_id = $1"
    } else {
        "delete from identity_claim where person_id = $1"
    };
    sqlx::query(keep).bind(Id(errand.person)).execute(&mut *records.tx).await?;
    case.record.facts.identity = Some(found);
    let mut excluded = false;
    if found == IdentityMatch::Matched {
        excluded = once::recall(records.tx, &mut case, &nik_index).await?;
        let typed = records.profile(errand.person).await?;
        excluded |= declarations::follow(records, &mut case, &typed).await?;
    }
    if let Some(status) = &mut case.record.identity {
        (status.at, status.differs) = (records.at, differs);
    }
    case.save(records).await?;
    notice::tell(records, errand.person, told, &[], None).await?;
    if excluded {
        notice::tell(records, errand.person, NoticeKind::Ineligible, &[], None).await?;
    }
    change.commit().await
}

/// Of the fields that a patch would change, those that it may not: they were matched, or are being asked about.
pub(crate) async fn frozen(
    records: &mut Records<'_>,
    person: Uuid,
    changed: impl Iterator<Item = ProfileField>,
) -> Result<Vec<FieldError>, SyncError> {
    let touched: Vec<ProfileField> = changed.filter(|field| profile::MATCHED_FIELDS.contains(field)).collect();
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    let case = Case::load(records, person).await?;
    if !case.record.facts.freezes_identity() {
        return Ok(Vec::new());
    }
    Ok(touched.into_iter().map(|field| FieldError::new(field.as_str(), FieldErrorCode::Frozen)).collect())
}

/// After a patch: whether the personal data is complete, whether the phone that was verified is still the person's,
/// whether the lock that was noted is that of the number that is there now, and whether the person may take part.
pub(crate) async fn profile_changed(records: &mut Records<'_>, person: Uuid, phone: bool) -> Result<(), SyncError> {
    let mut case = Case::load(records, person).await?;
    let scheme = case.scheme(records.central);
    let typed = records.profile(person).await?;
    let registered = case.record.facts.freezes_identity();
    let intake = Intake { today: jakarta_day(records.at), scheme: &scheme, registered };
    let complete = profile::check(&typed, &profile::needed(&typed), &intake).is_ok();
    let forget_phone = phone && case.record.facts.phone.is_some();
    let until = lock(records, person).await?;
    let noted = case.record.identity.as_ref().and_then(|status| status.locked_until);
    let unlocked = until != noted && noted.is_some_and(|noted| noted > records.central.clock.now_ms());
    let before = case.record.declarations.clone();
    let mut excluded = false;
    // Before match and declarations nothing is decided: what is typed may change.
    if case.record.facts.identity == Some(IdentityMatch::Matched) || before.is_some() {
        excluded = declarations::follow(records, &mut case, &typed).await?;
    }
    let judged = case.record.declarations != before;
    if complete == case.record.facts.profile_complete && !forget_phone && !unlocked && !judged {
        return Ok(());
    }
    if let Some(status) = case.record.identity.as_mut().filter(|_| unlocked) {
        status.locked_until = until;
    }
    case.record.facts.profile_complete = complete;
    if forget_phone {
        crate::phone::forget(records, person).await?;
        (case.record.facts.phone, case.record.phone) = (None, None);
    }
    case.save(records).await?;
    if excluded {
        notice::tell(records, person, NoticeKind::Ineligible, &[], None).await?;
    }
    Ok(())
}
