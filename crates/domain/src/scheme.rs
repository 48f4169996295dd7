//! A scheme: every amount, limit, deadline and declaration of one version of the programme, as configuration. Its outside
//! parties and its question bank are keyed by the same version in central's own configuration (`by_scheme`): addresses,
//! tokens and right answers are not for the catalogue.
//!
//! The programme changed them nearly every year, so no rule in this crate holds a number of its own. The schemes of 2020
//! and 2023 ship as files (`schemes/*.toml`, sources beside each value); an operator may change them or add others, and
//! central sends those in force with the catalogue. A wave names its scheme and may override single values.

use serde::{Deserialize, Serialize};

use crate::calendar::DayOfYear;
use crate::declaration::Declaration;

/// A sentence in both languages. Questions and consents are configuration, so their words are, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Words {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// One version of the programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Its name: the year in which it began.
    pub version: String,
    /// Laws and regulations that it rests on.
    pub legal_base: Vec<String>,
    /// Who may take part.
    pub eligibility: EligibilityRules,
    /// What a participant gets, whole rupiah.
    pub money: Money,
    /// Match with the civil registry.
    pub identity: IdentityRules,
    /// Face check.
    pub face: FaceRules,
    /// Code to the phone.
    pub phone: PhoneRules,
    /// Motivation and basic ability test.
    pub test: TestRules,
    /// What happens after acceptance.
    pub membership: MembershipRules,
    /// How a wave's places are given.
    pub selection: SelectionRules,
    /// Statements that an applicant answers with yes or no.
    pub declarations: Vec<Declaration>,
    /// Consents, each given by itself.
    pub consents: Vec<Consent>,
    /// Fields of training that a person may be interested in.
    pub training_interests: Vec<Interest>,
}

/// Who may take part (domain.md §2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityRules {
    /// Least age in full years.
    pub min_age: u8,
    /// Greatest age in full years; absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u8>,
    /// Whether a household that receives other social aid may take part.
    pub other_aid_allowed: bool,
}

/// What a participant gets, in whole rupiah.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Balance for trainings; never paid out.
    pub training_aid_idr: i64,
    /// One instalment after the first training.
    pub job_search_idr: i64,
    /// How many instalments.
    pub job_search_count: u8,
    /// For one evaluation survey.
    pub survey_idr: i64,
    /// How many surveys.
    pub survey_count: u8,
}

impl Money {
    /// Everything together.
    pub fn total_idr(&self) -> i64 {
        self.training_aid_idr
            + self.job_search_idr * i64::from(self.job_search_count)
            + self.survey_idr * i64::from(self.survey_count)
    }
}

/// Match with the civil registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityRules {
    /// A person's tries before the wait, so that nobody can search the registry through us.
    pub max_tries: u32,
    /// Accounts that may ask about one number before the next one waits. Many more than one: nobody locks somebody else's
    /// number with an account of his own.
    pub max_accounts: u32,
    /// The wait, in seconds.
    pub lock_s: u64,
    /// Recipients on one family card.
    pub family_max: u8,
}

/// Face check by an outside provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceRules {
    /// Failed tries before a person of the office looks at it.
    pub max_tries: u32,
    /// Life of one try, in seconds.
    pub session_s: u64,
    /// Tries that a person may begin in `lock_s`, whatever comes of them.
    pub max_sessions: u32,
    /// The wait after that, in seconds.
    pub lock_s: u64,
}

/// Code to the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneRules {
    /// Life of a code, in seconds.
    pub code_ttl_s: u64,
    /// Wrong tries of one code.
    pub max_wrong: u32,
    /// Resends before the lock.
    pub max_resend: u32,
    /// The lock, in seconds.
    pub lock_s: u64,
    /// Least time between two messages, in seconds.
    pub resend_after_s: u64,
}

/// Motivation and basic ability test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestRules {
    /// Verbal items of a paper.
    pub verbal: usize,
    /// Numeric items.
    pub numeric: usize,
    /// Figural items.
    pub figural: usize,
    /// Motivation items.
    pub motivation: usize,
    /// Time for all of them, in seconds. Central owns start and end.
    pub duration_s: u64,
    /// An answer that was given in time by the evidence of the device counts when it arrives so long after the end. A test
    /// that nobody hands in is evaluated only then; one that was handed in need not wait.
    pub grace_s: u64,
    /// The result is there so long after central received the handing-in at the latest.
    pub evaluate_within_s: u64,
    /// Right answers needed.
    pub min_right: usize,
    /// Motivation points needed.
    pub min_motivation: usize,
    /// Whether only those who passed may join a wave.
    pub must_pass: bool,
}

/// What happens after acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipRules {
    /// Days from the appointment to the first purchase; who misses it is never eligible again.
    pub first_purchase_days: u32,
    /// Days before that on which the app reminds.
    pub reminder_days: Vec<u32>,
    /// Days from the end of the first training to the next purchase; who misses it loses the rest of the balance. Trainings
    /// are bought and finished at the platforms, so this is told to the person and not counted here.
    pub next_purchase_days: u32,
    /// Last day of the year on which the balance may be used; the rest goes back to the state. Absent for no such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_use_until: Option<DayOfYear>,
    /// Days within which aid that one had no right to is given back.
    pub refund_days: u32,
}

/// How a wave's places are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectionRules {
    /// Priority classes, first come first.
    pub classes: Vec<PriorityClass>,
    /// Which address says to which province a person belongs.
    #[serde(default)]
    pub region: RegionBy,
}

/// Which address says to which province's waves and quota a person belongs (domain.md §2.2 step 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionBy {
    /// That of the identity card: from 2024 on.
    #[default]
    Ktp,
    /// The present one: before 2024.
    Domicile,
}

impl RegionBy {
    /// The word of the scheme file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ktp => "ktp",
            Self::Domicile => "domicile",
        }
    }
}

/// A class of applicants in a selection; everybody of one class is served before the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum PriorityClass {
    /// Laid off and named in the list of a ministry or manpower office.
    WhitelistedLaidOff,
    /// Everybody else.
    General,
}

impl PriorityClass {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WhitelistedLaidOff => "whitelisted_laid_off",
            Self::General => "general",
        }
    }
}

/// A consent that is asked for by itself, unticked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Consent {
    /// Its id.
    pub id: String,
    /// Version of the words.
    pub version: String,
    /// When it is asked for.
    pub at: ConsentMoment,
    /// The words.
    pub text: Words,
}

/// When a consent is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum ConsentMoment {
    /// Before the civil registry is asked.
    Identity,
    /// Before a face check begins.
    Face,
    /// With the declarations.
    Declarations,
    /// With joining a wave (Persetujuan Kartu Prakerja).
    Join,
}

/// A field of training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Interest {
    /// Its key in `training_interests`.
    pub key: String,
    /// The words.
    pub text: Words,
}

/// A scheme that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemeError {
    /// The text is no scheme.
    #[error("the scheme cannot be read: {0}")]
    Parse(String),
    /// A value makes no sense.
    #[error("scheme {version}: {why}")]
    Value {
        /// Which scheme.
        version: String,
        /// Which value and why.
        why: &'static str,
    },
    /// A wave overrides what is settled before it is joined.
    #[error("a wave cannot override {key}: it acts before a wave is joined; give the wave a scheme of its own")]
    Override {
        /// Which key.
        key: String,
    },
}

/// The scheme of 2020 (waves 1 to 47).
pub const SCHEME_2020: &str = include_str!("../schemes/2020.toml");
/// The scheme of 2023 (from wave 48 on).
pub const SCHEME_2023: &str = include_str!("../schemes/2023.toml");

impl Scheme {
    /// Reads a TOML text.
    ///
    /// # Errors
    /// [`SchemeError`].
    pub fn read(text: &str) -> Result<Self, SchemeError> {
        let scheme: Self = toml::from_str(text).map_err(|error| SchemeError::Parse(error.to_string()))?;
        scheme.check()?;
        Ok(scheme)
    }

    /// The schemes that ship with the program, oldest first.
    ///
    /// # Errors
    /// Never: a test reads them.
    pub fn shipped() -> Result<Vec<Self>, SchemeError> {
        [SCHEME_2020, SCHEME_2023].into_iter().map(Self::read).collect()
    }

    /// The consents that are asked for at a moment, in order.
    pub fn consents_at(&self, moment: ConsentMoment) -> impl Iterator<Item = &Consent> {
        self.consents.iter().filter(move |consent| consent.at == moment)
    }

    /// This scheme with single values of a wave: a JSON merge patch (RFC 7396) over its JSON form.
    ///
    /// # Errors
    /// [`SchemeError`] when the patch names what a scheme does not have or what acts before a wave is joined, or when the
    /// result makes no sense.
    pub fn with(&self, overrides: &serde_json::Value) -> Result<Self, SchemeError> {
        if let Some(key) = acts_on_no_wave(overrides) {
            return Err(SchemeError::Override { key });
        }
        let parse = |error: serde_json::Error| SchemeError::Parse(error.to_string());
        let mut json = serde_json::to_value(self).map_err(parse)?;
        merge(&mut json, overrides);
        let scheme: Self = serde_json::from_value(json).map_err(parse)?;
        scheme.check()?;
        Ok(scheme)
    }

    fn check(&self) -> Result<(), SchemeError> {
        let wrong = self.wrong_value();
        wrong.map_or(Ok(()), |why| Err(SchemeError::Value { version: self.version.clone(), why }))
    }

    /// The first value that makes no sense.
    fn wrong_value(&self) -> Option<&'static str> {
        let (identity, face, phone, test) = (&self.identity, &self.face, &self.phone, &self.test);
        let (money, membership) = (&self.money, &self.membership);
        let ability = test.verbal + test.numeric + test.figural;
        let rules = [
            (
                self.eligibility.max_age.is_some_and(|max| max < self.eligibility.min_age),
                "eligibility.max_age is below eligibility.min_age",
            ),
            (
                [money.training_aid_idr, money.job_search_idr, money.survey_idr].iter().any(|sum| *sum < 0),
                "money: a sum is below zero",
            ),
            (ability + test.motivation == 0, "test: a paper without items"),
            (test.min_right > ability, "test.min_right is more than a paper has"),
            (test.duration_s == 0, "test.duration_s is zero: nobody could answer"),
            (self.selection.classes.is_empty(), "selection.classes is empty: nobody could be drawn"),
            (
                !self.selection.classes.contains(&PriorityClass::General),
                "selection.classes lacks general: whoever is on no whitelist could join and never be drawn",
            ),
            (is_repeated(self.selection.classes.iter()), "selection.classes names a class twice"),
            (
                identity.family_max == 0 || identity.max_tries == 0 || face.max_tries == 0,
                "identity.family_max, identity.max_tries and face.max_tries must be at least 1",
            ),
            (identity.max_accounts < 2, "identity.max_accounts below 2: one account could lock the number of another"),
            (face.max_sessions < face.max_tries, "face.max_sessions is less than face.max_tries"),
            (
                identity.lock_s == 0 || face.lock_s == 0 || phone.lock_s == 0,
                "identity.lock_s, face.lock_s and phone.lock_s must be at least 1: without a wait nothing is limited",
            ),
            (face.session_s == 0, "face.session_s is zero: nobody could be checked"),
            (phone.max_wrong == 0, "phone.max_wrong is zero: no code could be typed"),
            (phone.code_ttl_s == 0, "phone.code_ttl_s is zero: no code could be typed"),
            (
                membership.first_purchase_days == 0
                    || membership.next_purchase_days == 0
                    || membership.refund_days == 0,
                "membership: a deadline of no day",
            ),
            (
                self.declarations.is_empty() || self.training_interests.is_empty(),
                "declarations and training_interests must not be empty",
            ),
            (
                self.declarations.iter().any(|question| question.excluded.is_some() != question.reason.is_some()),
                "declarations: an answer that excludes needs a reason, and only such an answer has one",
            ),
            (is_repeated(self.declarations.iter().map(|it| &it.id)), "declarations: an id is there twice"),
            (is_repeated(self.consents.iter().map(|it| &it.id)), "consents: an id is there twice"),
            (is_repeated(self.training_interests.iter().map(|it| &it.key)), "training_interests: a key is there twice"),
            (self.has_nameless(), "declarations, consents and training_interests need an id, a version and words"),
        ];
        rules.into_iter().find_map(|(is_wrong, why)| is_wrong.then_some(why))
    }

    /// Whether a question, a consent or an interest lacks its name or words: it could be neither read nor answered.
    fn has_nameless(&self) -> bool {
        let lacks = |id: &str, version: &str, text: &Words| {
            [id, version, &text.id, &text.en].iter().any(|text| text.trim().is_empty())
        };
        self.declarations.iter().any(|it| lacks(&it.id, &it.version, &it.text))
            || self.consents.iter().any(|it| lacks(&it.id, &it.version, &it.text))
            || self.training_interests.iter().any(|it| lacks(&it.key, "1", &it.text))
    }
}

fn is_repeated<T: PartialEq>(mut all: impl Iterator<Item = T> + Clone) -> bool {
    std::iter::from_fn(|| all.next().map(|one| (one, all.clone())))
        .any(|(one, mut rest)| rest.any(|other| other == one))
}

/// The parts of a scheme that a wave itself goes by. The others are used up by the registration, which comes before any
/// wave and is the same for all of them: a wave that wants them otherwise needs a scheme of its own.
const OF_A_WAVE: [&str; 4] = ["money", "membership", "selection", "consents"];

/// The first key of an override that would have no effect.
fn acts_on_no_wave(overrides: &serde_json::Value) -> Option<String> {
    let inert = |(name, value): (&String, &serde_json::Value)| match (name.as_str(), value.as_object()) {
        (name, _) if OF_A_WAVE.contains(&name) => None,
        // How many of a family the draw takes; the rest of it is the match with the civil registry.
        ("identity", Some(members)) => {
            members.keys().find(|member| *member != "family_max").map(|member| format!("identity.{member}"))
        }
        (name, _) => Some(name.to_owned()),
    };
    overrides.as_object()?.iter().find_map(inert)
}

/// RFC 7396.
fn merge(into: &mut serde_json::Value, patch: &serde_json::Value) {
    let serde_json::Value::Object(patch) = patch else {
        *into = patch.clone();
        return;
    };
    if !into.is_object() {
        *into = serde_json::json!({});
    }
    let serde_json::Value::Object(members) = into else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(serde_json::Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_schemes_ship_with_the_sums_of_their_laws() {
        let schemes = Scheme::shipped().unwrap();
        let sums: Vec<_> = schemes.iter().map(|s| (s.version.as_str(), s.money.total_idr())).collect();
        assert_eq!(sums, [("2020", 3_550_000), ("2023", 4_200_000)]);
        for scheme in &schemes {
            insta::assert_json_snapshot!(format!("scheme_{}", scheme.version), scheme);
        }
    }

    #[test]
    fn a_scheme_that_makes_no_sense_is_refused() {
        let shipped = Scheme::read(SCHEME_2023).unwrap();
        type Change = fn(&mut Scheme);
        let cases: [(&str, Change); 28] = [
            ("eligibility.max_age", |s| s.eligibility.max_age = Some(17)),
            ("money", |s| s.money.survey_idr = -1),
            ("test", |s| (s.test.verbal, s.test.numeric, s.test.figural, s.test.motivation) = (0, 0, 0, 0)),
            ("test.min_right", |s| s.test.min_right = 25),
            ("test.duration_s", |s| s.test.duration_s = 0),
            ("selection.classes", |s| s.selection.classes.clear()),
            ("selection.classes", |s| s.selection.classes = vec![PriorityClass::General; 2]),
            ("identity.family_max", |s| s.identity.family_max = 0),
            ("identity.family_max", |s| s.identity.max_tries = 0),
            ("identity.max_accounts", |s| s.identity.max_accounts = 1),
            ("face.max_sessions", |s| s.face.max_sessions = 1),
            ("identity.lock_s", |s| s.identity.lock_s = 0),
            ("identity.lock_s", |s| s.face.lock_s = 0),
            ("identity.lock_s", |s| s.phone.lock_s = 0),
            ("face.session_s", |s| s.face.session_s = 0),
            ("phone.max_wrong", |s| s.phone.max_wrong = 0),
            ("phone.code_ttl_s", |s| s.phone.code_ttl_s = 0),
            ("membership: a deadline", |s| s.membership.first_purchase_days = 0),
            ("membership: a deadline", |s| s.membership.next_purchase_days = 0),
            ("membership: a deadline", |s| s.membership.refund_days = 0),
            ("declarations", |s| s.declarations.clear()),
            ("declarations: an answer", |s| s.declarations[1].reason = None),
            ("declarations: an answer", |s| s.declarations[1].excluded = None),
            ("declarations: an id", |s| s.declarations[0].id = s.declarations[1].id.clone()),
            ("consents: an id", |s| s.consents[0].id = s.consents[1].id.clone()),
            ("training_interests: a key", |s| s.training_interests.push(s.training_interests[0].clone())),
            ("declarations, consents", |s| s.consents[0].text.en = " ".to_owned()),
            ("declarations, consents", |s| s.declarations[0].version = String::new()),
        ];
        for (expected, change) in cases {
            let mut scheme = shipped.clone();
            change(&mut scheme);
            let written = toml::to_string(&scheme).unwrap();
            let refused = Scheme::read(&written).unwrap_err();
            let says = matches!(&refused, SchemeError::Value { why, .. } if why.starts_with(expected));
            assert!(says, "{expected}: {refused}");
        }
    }

    #[test]
    fn a_wave_overrides_single_values_and_nothing_that_a_scheme_does_not_have() {
        let scheme = Scheme::read(SCHEME_2023).unwrap();
        let changed = scheme.with(&json!({ "membership": { "first_purchase_days": 20 } })).unwrap();
        assert_eq!(changed.membership.first_purchase_days, 20);
        assert_eq!(changed.money, scheme.money);
        let endless = scheme.with(&json!({ "membership": { "balance_use_until": null } })).unwrap();
        assert_eq!(endless.membership.balance_use_until, None);
        assert_eq!(scheme.with(&json!({})).unwrap(), scheme);
        for wrong in [
            json!({ "membership": { "first_purchase_day": 20 } }),
            json!({ "money": null }),
            json!({ "selection": { "classes": [] } }),
            json!({ "membership": { "balance_use_until": "02-29" } }),
            json!({ "membership": { "refund_days": 0 } }),
            json!({ "selection": { "classes": ["whitelisted_laid_off"] } }),
            json!("2020"),
        ] {
            assert!(scheme.with(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wave_overrides_only_what_acts_on_a_wave() {
        let scheme = Scheme::read(SCHEME_2023).unwrap();
        for acts in [
            json!({ "money": { "training_aid_idr": 1 } }),
            json!({ "membership": { "reminder_days": [2] } }),
            json!({ "selection": { "classes": ["general"] } }),
            json!({ "consents": [] }),
            json!({ "identity": { "family_max": 1 } }),
        ] {
            assert_ne!(scheme.with(&acts).unwrap(), scheme, "{acts}");
        }
        for (inert, key) in [
            (json!({ "test": { "min_right": 9 } }), "test"),
            (json!({ "test": null }), "test"),
            (json!({ "declarations": [] }), "declarations"),
            (json!({ "eligibility": { "max_age": 70 } }), "eligibility"),
            (json!({ "phone": { "max_wrong": 9 } }), "phone"),
            (json!({ "face": { "max_tries": 9 } }), "face"),
            (json!({ "identity": { "family_max": 1, "max_tries": 9 } }), "identity.max_tries"),
            (json!({ "training_interests": [] }), "training_interests"),
            (json!({ "version": "2020" }), "version"),
            (json!({ "membership": {}, "no": 1 }), "no"),
        ] {
            let refused = scheme.with(&inert).unwrap_err();
            assert!(matches!(&refused, SchemeError::Override { key: named } if named == key), "{inert}: {refused}");
        }
    }
}
