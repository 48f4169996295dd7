//! Consents that come before what they are about, asked on the screen of that step and sent with it. Those of the
//! declarations and of a wave are asked there.

use prakerja_domain::declaration;
use prakerja_domain::registration::Step;
use prakerja_domain::scheme::{ConsentMoment, Scheme};
use prakerja_protocol::registration::ConsentGiven;

use crate::error::Answer;
use crate::ipc::IpcError;
use crate::ipc::registration::ConsentRow;

/// What is asked on the screen of a step, never ticked in advance.
pub(crate) fn asked_before(scheme: &Scheme, step: Step) -> Vec<ConsentRow> {
    let moment = match step {
        Step::SubmitIdentity => ConsentMoment::Identity,
        Step::StartFaceCheck => ConsentMoment::Face,
        _ => return Vec::new(),
    };
    let asked = scheme.consents_at(moment);
    asked.map(|it| ConsentRow { id: it.id.clone(), text: it.text.clone(), given: false }).collect()
}

/// The consents of a moment that were ticked, in their present words.
///
/// # Errors
/// `validation` with every one that is missing (`consent.<id>`).
pub(crate) fn given(
    scheme: &Scheme,
    moment: ConsentMoment,
    ticked: &[String],
    given_at: i64,
) -> Answer<Vec<ConsentGiven>> {
    let asked = scheme.consents_at(moment).filter(|consent| ticked.contains(&consent.id));
    let given = asked.map(|it| ConsentGiven { id: it.id.clone(), version: it.version.clone(), given_at });
    let given: Vec<_> = given.collect();
    let said = given.iter().map(|it| (it.id.clone(), it.version.clone())).collect();
    declaration::check_consents(scheme, moment, &said).map_err(IpcError::validation)?;
    Ok(given)
}
