//! Memberships from the operator's side: the first purchase that a platform reported, and holding, resuming or taking back.

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

/// Changes the membership of a case. What takes something from the person needs a reason, which the person reads.
///
/// # Errors
/// `case-unknown`, `note` where a reason is missing, `not-found` without a membership, `step-refused` where it may not
/// change like this.
pub async fn change(
    central: &Central,
    number: &str,
    change: MembershipChange,
    note: Option<String>,
) -> Result<(), OfficeError> {
    let person = cases::by_number(central, number).await?;
    let note = note.filter(|words| !words.trim().is_empty());
    if matches!(change, MembershipChange::Suspend | MembershipChange::Revoke) && note.is_none() {
        return Err(OfficeError::refused("note", "say why; the person reads it"));
    }
    Ok(waves::change_membership(central, person, change, note).await?)
}
