//! Memberships from the operator's side: the first purchase that a platform reported, and holding, resuming or taking back.

use jiff::Timestamp;

use super::{OfficeError, cases};
use crate::state::Central;
use crate::waves::{self, MembershipChange};

/// The action as the audit log names it.
pub fn what(change: MembershipChange) -> &'static str {
    match change {
        MembershipChange::FirstPurchase => "membership.first-purchase",
        MembershipChange::Suspend => "membership.suspend",
        MembershipChange::Resume => "membership.resume",
        MembershipChange::Revoke => "membership.revoke",
    }
}

/// The case and, where the office said it, when the training was bought, as the audit log names them.
pub fn subject_with(number: &str, bought_at: Option<Timestamp>) -> String {
    match bought_at {
        Some(at) => cases::subject_with(number, &format!("bought_at={at}")),
        None => cases::subject(number),
    }
}

/// Changes the membership of a case. What takes something from the person needs a reason, which the person reads. With
/// `bought_at` a first purchase counts by that time: one in time that a platform reported late also undoes a revocation by
/// the clock, within the configured time.
///
/// # Errors
/// `case-unknown`, `bought-at` with another change, `note` where a reason is missing, `not-found` without a membership,
/// `step-refused` where it may not change like this.
pub async fn change(
    central: &Central,
    number: &str,
    (change, bought_at): (MembershipChange, Option<Timestamp>),
    note: Option<String>,
) -> Result<(), OfficeError> {
    if bought_at.is_some() && change != MembershipChange::FirstPurchase {
        return Err(OfficeError::refused("bought-at", "only a first purchase has a time"));
    }
    let person = cases::by_number(central, number).await?;
    let note = note.filter(|words| !words.trim().is_empty());
    if matches!(change, MembershipChange::Suspend | MembershipChange::Revoke) && note.is_none() {
        return Err(OfficeError::refused("note", "say why; the person reads it"));
    }
    let bought_at = bought_at.map(Timestamp::as_millisecond);
    Ok(waves::change_membership(central, person, (change, bought_at), note).await?)
}
