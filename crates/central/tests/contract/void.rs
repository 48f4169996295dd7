//! Taking a command back before and after it took effect.

use prakerja_central::demo;
use prakerja_domain::profile::ProfileField::FullName;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::receipt::Receipt;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected, Voided};
use prakerja_protocol::sync::{Command, CommandEnvelope, CommandVoid};
use serde_json::json;

use crate::started::*;

pub(crate) async fn a_void_before_the_command_refuses_it(central: &Started) {
    let sari = central.person().await;
    let late = request(demo::FREE_ROOMY, Some(1));
    let void = void_of(&late);
    assert_eq!(sari.push(&void).await.status, Applied);
    // The copy that was on its way comes after all, twice.
    for _ in 0..2 {
        let result = sari.push(&late).await;
        assert_eq!((result.status, result.replayed), (Voided, true));
        let key = central.central.secrets.receipts.verifying_key();
        let receipt = Receipt::verify(&result.receipt.unwrap(), &key).unwrap();
        assert_eq!((receipt.command, receipt.status.as_str()), (late.id, "voided"));
    }
    assert_eq!(central.taken(run(demo::FREE_ROOMY, 1)).await, 0);
    assert!(sari.pull(None).await.changes.is_empty());
    assert!(sari.push(&void).await.replayed);
    assert_eq!(sari.push(&void_of(&late)).await.status, Applied, "voided twice is voided");
    // What depends on it falls with it.
    let child = CommandEnvelope { depends_on: vec![late.id], ..patch(None, &[(FullName, Some("Sari"))]) };
    assert_eq!(code(&sari.push(&child).await), ProblemCode::Dependency);
}

pub(crate) async fn a_void_after_the_command_is_too_late(central: &Started) {
    let sari = central.person().await;
    let done = request(demo::FREE_ROOMY, Some(1));
    sari.push(&done).await;
    let result = sari.push(&void_of(&done)).await;
    assert_eq!((result.status, code(&result)), (Rejected, ProblemCode::AlreadyApplied));
    assert_eq!(result.problem.unwrap().details["status"], json!("applied"));
    assert_eq!(central.taken(run(demo::FREE_ROOMY, 1)).await, 1);
    // What was refused has no effect to undo.
    let refused = request(demo::FREE_FULL, Some(1));
    sari.push(&refused).await;
    assert_eq!(sari.push(&void_of(&refused)).await.status, Applied);
    assert_eq!(sari.push(&refused).await.status, Rejected, "its own result stays");
    // Both in one batch, in either order.
    let (one, two) = (request(demo::FREE_WEBINAR, Some(1)), request(demo::FREE_SELF_PACED, None));
    let results = sari.push_all(&[one.clone(), void_of(&one), void_of(&two), two]).await.results;
    assert_eq!(results.iter().map(|r| r.status).collect::<Vec<_>>(), [Applied, Rejected, Applied, Voided]);
}

pub(crate) async fn a_void_reaches_only_ones_own_commands(central: &Started) {
    let (sari, budi) = (central.person().await, central.person().await);
    let hers = request(demo::FREE_ROOMY, Some(1));
    sari.push(&hers).await;
    assert_eq!(code(&budi.push(&void_of(&hers)).await), ProblemCode::Forbidden);
    let mut itself = command(&Command::Void(CommandVoid { target: hers.id }), "x");
    itself.payload = json!({ "target": itself.id });
    assert_eq!(code(&budi.push(&itself).await), ProblemCode::Malformed);
}
