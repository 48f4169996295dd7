//! The way through the registration: what is known of somebody who stands at each state. Shared with the tests of the ability
//! test.

use prakerja_domain::registration::{
    DeclarationsOutcome, DocumentState, FaceCheck, Facts, IdentityMatch, PhoneCheck, RegistrationState as S,
    TestProgress,
};

/// Facts of each state, in order.
pub(crate) fn journey() -> Vec<(S, Facts)> {
    let mut facts = Facts::default();
    let mut all = vec![(S::NotStarted, facts)];
    let mut push = |state, change: &dyn Fn(&mut Facts)| {
        change(&mut facts);
        assert_eq!(facts.state(), state);
        all.push((state, facts));
    };
    push(S::NikSubmitted, &|f| f.identity = Some(IdentityMatch::Pending));
    push(S::NikMismatch, &|f| f.identity = Some(IdentityMatch::Mismatch));
    push(S::KkQuotaFull, &|f| f.identity = Some(IdentityMatch::KkQuotaFull));
    push(S::NikAlreadyRecipient, &|f| f.identity = Some(IdentityMatch::AlreadyRecipient));
    push(S::NikMatched, &|f| f.identity = Some(IdentityMatch::Matched));
    push(S::ProfileCompleted, &|f| f.profile_complete = true);
    push(S::KtpPhotoSubmitted, &|f| f.ktp_photo = Some(DocumentState::Received));
    push(S::KtpPhotoRejected, &|f| f.ktp_photo = Some(DocumentState::Rejected));
    push(S::KtpPhotoAccepted, &|f| f.ktp_photo = Some(DocumentState::Accepted));
    push(S::FacePending, &|f| f.face = Some(FaceCheck::Pending));
    push(S::FaceFailed, &|f| f.face = Some(FaceCheck::Failed));
    push(S::ManualReview, &|f| f.face = Some(FaceCheck::ManualReview));
    push(S::FaceVerified, &|f| f.face = Some(FaceCheck::Verified));
    push(S::PhoneOtpSent, &|f| f.phone = Some(PhoneCheck::CodeSent));
    push(S::PhoneVerified, &|f| f.phone = Some(PhoneCheck::Verified));
    push(S::Ineligible, &|f| f.declarations = Some(DeclarationsOutcome::Excluded));
    push(S::TestAvailable, &|f| f.declarations = Some(DeclarationsOutcome::Clear));
    push(S::TestInProgress, &|f| f.test = Some(TestProgress::InProgress));
    push(S::TestSubmitted, &|f| f.test = Some(TestProgress::Submitted));
    push(S::TestEvaluated, &|f| f.test = Some(TestProgress::Passed));
    all
}
