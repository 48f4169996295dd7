//! May this person take part? Answered before any personal data is typed, offline, from what the person says.
//!
//! Only the age, the citizenship and what the person says of him- or herself can be decided here. Family card, earlier
//! participation and schooling are known to outside registries, so "not sure" there is an answer, too, and leads to
//! [`Eligibility::NeedsServerCheck`] (domain.md §2.1, DESIGN).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::birth_date::age;
use crate::scheme::EligibilityRules;

/// Why a person may not take part. Each names the rule it comes from; paragraph numbers were not checked against the
/// gazette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Reason {
    /// No Indonesian citizen with an e-KTP: Perpres 36/2020 (as changed by 76/2020 and 113/2022) on the conditions of
    /// participants; domain.md §2.1, S22b.
    NotCitizen,
    /// Younger than 18: the same conditions; domain.md §2.1, S5.
    TooYoung,
    /// Older than 64: Permenko Perekonomian 17/2022 for the scheme of 2023; domain.md §2.1, S13. The scheme of 2020 had no
    /// upper limit.
    TooOld,
    /// At school or university: the conditions of Perpres 36/2020; domain.md §2.1, S5.
    InFormalEducation,
    /// Of none of the target groups: Perpres 36/2020 as changed by 76/2020 (job seekers, laid-off, workers who need skills,
    /// among them furloughed, non-wage workers, micro and small entrepreneurs); domain.md §2.1, S13, S14.
    NotTargetGroup,
    /// State official: Perpres 76/2020 on the excluded; domain.md §2.1, S13, S14.
    StateOfficial,
    /// Leader or member of a regional parliament (press lists name the national one, too): Perpres 76/2020; S13, S14, S16b.
    ParliamentMember,
    /// Civil servant (ASN): Perpres 76/2020; S13, S14.
    CivilServant,
    /// Soldier (TNI): Perpres 76/2020; S13, S14.
    Military,
    /// Member of the police (Polri): Perpres 76/2020; S13, S14.
    Police,
    /// Village head: Perpres 76/2020; S13, S14.
    VillageHead,
    /// Village official: Perpres 76/2020; S13, S14.
    VillageOfficial,
    /// Director, commissioner or supervisor of a state or regional enterprise: Perpres 76/2020; S13, S14.
    StateEnterpriseBoard,
    /// The household receives other social aid: scheme of 2020 only (Permenko 11/2020); domain.md §2.1, S16.
    ReceivesOtherAid,
    /// Was a recipient before: once in a lifetime (Permenko 11/2020 art. 17); domain.md §2.1, S16, S7.
    WasRecipient,
    /// Two of the family card are recipients: domain.md §2.1, S13.
    FamilyCardFull,
}

/// Yes, no, or not sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The person does not know.
    Unsure,
}

/// What the person does (domain.md §2.3, derived from the law's groups).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum EmploymentStatus {
    /// Pencari kerja.
    JobSeeker,
    /// Ter-PHK.
    LaidOff,
    /// Dirumahkan.
    Furloughed,
    /// Pekerja or buruh who needs skills.
    Employee,
    /// Bukan penerima upah, daily worker.
    NonWageWorker,
    /// Pelaku usaha mikro dan kecil.
    MicroSmallBusiness,
    /// Pelajar or mahasiswa.
    Student,
}

impl EmploymentStatus {
    /// Why who does this may not take part, if so.
    pub fn exclusion(self) -> Option<Reason> {
        (self == Self::Student).then_some(Reason::NotTargetGroup)
    }
}

/// Positions that exclude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Position {
    /// None of them.
    None,
    /// Pejabat negara.
    StateOfficial,
    /// Pimpinan or anggota DPRD (or DPR).
    ParliamentMember,
    /// ASN.
    CivilServant,
    /// TNI.
    Military,
    /// Polri.
    Police,
    /// Kepala desa.
    VillageHead,
    /// Perangkat desa.
    VillageOfficial,
    /// Direksi, komisaris or dewan pengawas of BUMN or BUMD.
    StateEnterpriseBoard,
}

/// What the person says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SelfReport {
    /// Indonesian citizen with an e-KTP.
    pub citizen: Answer,
    /// Birth date, `2003-02-01`.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub birth_date: Date,
    /// At school or university now.
    pub in_formal_education: Answer,
    /// What the person does.
    pub employment: EmploymentStatus,
    /// An excluded position.
    pub position: Position,
    /// The household receives other social aid.
    pub receives_other_aid: Answer,
    /// Got the card before.
    pub was_recipient: Answer,
    /// Two others on the family card got it.
    pub family_card_full: Answer,
}

/// Whether the person may take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Eligibility {
    /// Yes, as far as the person's own words go.
    Eligible,
    /// No.
    Ineligible {
        /// All reasons, in the order of the questions.
        reasons: Vec<Reason>,
    },
    /// Only central can tell, with the registries.
    NeedsServerCheck {
        /// What the person was not sure of.
        about: Vec<Reason>,
    },
}

/// Applies the rules of a scheme. `today` is the day in Jakarta.
pub fn check(report: &SelfReport, rules: &EligibilityRules, today: Date) -> Eligibility {
    let mut no = Vec::new();
    let mut unsure = Vec::new();
    let mut judge = |answer: Answer, bad: Answer, reason: Reason| match answer {
        Answer::Unsure => unsure.push(reason),
        answer if answer == bad => no.push(reason),
        _ => {}
    };
    judge(report.citizen, Answer::No, Reason::NotCitizen);
    judge(report.in_formal_education, Answer::Yes, Reason::InFormalEducation);
    if !rules.other_aid_allowed {
        judge(report.receives_other_aid, Answer::Yes, Reason::ReceivesOtherAid);
    }
    judge(report.was_recipient, Answer::Yes, Reason::WasRecipient);
    judge(report.family_card_full, Answer::Yes, Reason::FamilyCardFull);
    no.extend(age_reason(report.birth_date, rules, today));
    no.extend(report.employment.exclusion());
    no.extend(position_reason(report.position));
    no.sort_unstable();
    if !no.is_empty() {
        Eligibility::Ineligible { reasons: no }
    } else if unsure.is_empty() {
        Eligibility::Eligible
    } else {
        Eligibility::NeedsServerCheck { about: unsure }
    }
}

/// The reason that a birth date gives, if any.
pub fn age_reason(birth: Date, rules: &EligibilityRules, today: Date) -> Option<Reason> {
    let years = age(birth, today);
    if years < i16::from(rules.min_age) {
        Some(Reason::TooYoung)
    } else if rules.max_age.is_some_and(|max| years > i16::from(max)) {
        Some(Reason::TooOld)
    } else {
        None
    }
}

fn position_reason(position: Position) -> Option<Reason> {
    Some(match position {
        Position::None => return None,
        Position::StateOfficial => Reason::StateOfficial,
        Position::ParliamentMember => Reason::ParliamentMember,
        Position::CivilServant => Reason::CivilServant,
        Position::Military => Reason::Military,
        Position::Police => Reason::Police,
        Position::VillageHead => Reason::VillageHead,
        Position::VillageOfficial => Reason::VillageOfficial,
        Position::StateEnterpriseBoard => Reason::StateEnterpriseBoard,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::Scheme;
    use jiff::civil::date;

    fn good() -> SelfReport {
        SelfReport {
            citizen: Answer::Yes,
            birth_date: date(2000, 1, 1),
            in_formal_education: Answer::No,
            employment: EmploymentStatus::LaidOff,
            position: Position::None,
            receives_other_aid: Answer::No,
            was_recipient: Answer::No,
            family_card_full: Answer::No,
        }
    }

    #[test]
    fn every_rule_has_its_case_in_both_schemes() {
        use Answer::*;
        use Reason as R;
        let today = date(2026, 11, 25);
        let no = |reasons: &[R]| Eligibility::Ineligible { reasons: reasons.to_vec() };
        let ask = |about: &[R]| Eligibility::NeedsServerCheck { about: about.to_vec() };
        let yes = Eligibility::Eligible;
        let with = |change: &dyn Fn(&mut SelfReport)| {
            let mut report = good();
            change(&mut report);
            report
        };
        let mut cases = vec![
            (good(), yes.clone(), yes.clone()),
            (with(&|r| r.citizen = No), no(&[R::NotCitizen]), no(&[R::NotCitizen])),
            (with(&|r| r.birth_date = date(2008, 11, 26)), no(&[R::TooYoung]), no(&[R::TooYoung])),
            (with(&|r| r.birth_date = date(2008, 11, 25)), yes.clone(), yes.clone()),
            (with(&|r| r.birth_date = date(1961, 11, 25)), yes.clone(), no(&[R::TooOld])),
            (with(&|r| r.birth_date = date(1961, 11, 26)), yes.clone(), yes.clone()),
            (with(&|r| r.in_formal_education = Yes), no(&[R::InFormalEducation]), no(&[R::InFormalEducation])),
            (with(&|r| r.employment = EmploymentStatus::Student), no(&[R::NotTargetGroup]), no(&[R::NotTargetGroup])),
            (with(&|r| r.receives_other_aid = Yes), no(&[R::ReceivesOtherAid]), yes.clone()),
            (with(&|r| r.receives_other_aid = Unsure), ask(&[R::ReceivesOtherAid]), yes.clone()),
            (with(&|r| r.was_recipient = Yes), no(&[R::WasRecipient]), no(&[R::WasRecipient])),
            (with(&|r| r.was_recipient = Unsure), ask(&[R::WasRecipient]), ask(&[R::WasRecipient])),
            (with(&|r| r.family_card_full = Yes), no(&[R::FamilyCardFull]), no(&[R::FamilyCardFull])),
            (with(&|r| r.family_card_full = Unsure), ask(&[R::FamilyCardFull]), ask(&[R::FamilyCardFull])),
            (
                with(&|r| (r.citizen, r.was_recipient, r.position) = (No, Unsure, Position::Police)),
                no(&[R::NotCitizen, R::Police]),
                no(&[R::NotCitizen, R::Police]),
            ),
        ];
        for (position, reason) in [
            (Position::StateOfficial, R::StateOfficial),
            (Position::ParliamentMember, R::ParliamentMember),
            (Position::CivilServant, R::CivilServant),
            (Position::Military, R::Military),
            (Position::Police, R::Police),
            (Position::VillageHead, R::VillageHead),
            (Position::VillageOfficial, R::VillageOfficial),
            (Position::StateEnterpriseBoard, R::StateEnterpriseBoard),
        ] {
            cases.push((with(&|r| r.position = position), no(&[reason]), no(&[reason])));
        }
        for status in [
            EmploymentStatus::JobSeeker,
            EmploymentStatus::Furloughed,
            EmploymentStatus::Employee,
            EmploymentStatus::NonWageWorker,
            EmploymentStatus::MicroSmallBusiness,
        ] {
            cases.push((with(&|r| r.employment = status), yes.clone(), yes.clone()));
        }
        let schemes = Scheme::shipped().unwrap();
        for (report, in_2020, in_2023) in cases {
            assert_eq!(check(&report, &schemes[0].eligibility, today), in_2020, "2020: {report:?}");
            assert_eq!(check(&report, &schemes[1].eligibility, today), in_2023, "2023: {report:?}");
        }
    }
}
