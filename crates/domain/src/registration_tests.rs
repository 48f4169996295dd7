//! The ways through registration: what each state allows and refuses.

use super::*;

/// Facts of a registration that stands at each state, in order.
fn journey() -> Vec<(RegistrationState, Facts)> {
    use RegistrationState as S;
    let mut facts = Facts::default();
    let mut all = vec![(S::NotStarted, facts)];
    let mut push = |state, change: &dyn Fn(&mut Facts)| {
        change(&mut facts);
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

/// One letter for what [`Facts::allows`] says.
fn letter(answer: Result<(), StepRefusal>) -> char {
    match answer {
        Ok(()) => '+',
        Err(StepRefusal::Blocked) => 'b',
        Err(StepRefusal::Ended) => 'x',
        Err(StepRefusal::TooEarly) => '.',
        Err(StepRefusal::Done) => 'd',
        Err(StepRefusal::UnderWay) => 'w',
        Err(StepRefusal::NotPassed) => 'n',
    }
}

#[test]
fn every_state_allows_and_refuses_what_the_table_says() {
    use RegistrationState as S;
    // Columns: submit_identity attach_photo start_face send_code confirm_code declare start_test answer submit join.
    let table = [
        (S::NotStarted, "++...+...."),
        (S::NikSubmitted, "w+...+...."),
        (S::NikMismatch, "++...+...."),
        (S::KkQuotaFull, "++...+...."),
        (S::NikAlreadyRecipient, "xxxxxxxxxx"),
        (S::NikMatched, "d+...+...."),
        (S::ProfileCompleted, "d+...+...."),
        (S::KtpPhotoSubmitted, "dw...+...."),
        (S::KtpPhotoRejected, "d+...+...."),
        (S::KtpPhotoAccepted, "dd+..+...."),
        (S::FacePending, "dd+..+...."),
        (S::FaceFailed, "dd+..+...."),
        (S::ManualReview, "ddw..+...."),
        (S::FaceVerified, "ddd+.+...."),
        (S::PhoneOtpSent, "ddd+++...."),
        (S::PhoneVerified, "ddddd+...."),
        (S::Ineligible, "xxxxxxxxxx"),
        (S::TestAvailable, "dddddd+..."),
        (S::TestInProgress, "ddddddw++."),
        (S::TestSubmitted, "ddddddddd."),
        (S::TestEvaluated, "ddddddddd+"),
    ];
    let journey = journey();
    assert_eq!(journey.len(), table.len());
    for ((state, facts), (expected_state, expected)) in journey.into_iter().zip(table) {
        assert_eq!((facts.state(), state), (expected_state, expected_state));
        let row: String = Step::ALL.into_iter().map(|step| letter(facts.allows(step, true))).collect();
        assert_eq!(row, expected, "{state:?}");
        let blocked = Facts { blocked: true, ..facts };
        let row: String = Step::ALL.into_iter().map(|step| letter(blocked.allows(step, true))).collect();
        let expected = if state == S::TestInProgress { "bbbbbbb++b" } else { "bbbbbbbbbb" };
        assert_eq!(row, expected, "{state:?}, blocked");
    }
}

#[test]
fn a_test_that_was_not_passed_keeps_out_only_where_the_scheme_says_so() {
    let (_, passed) = *journey().last().unwrap();
    let failed = Facts { test: Some(TestProgress::NotPassed), ..passed };
    assert_eq!(failed.state(), RegistrationState::TestEvaluated);
    assert_eq!(failed.allows(Step::JoinWave, true), Err(StepRefusal::NotPassed));
    assert_eq!(failed.allows(Step::JoinWave, false), Ok(()));
}

#[test]
fn whoever_is_excluded_is_led_on_to_nothing_wherever_that_person_stands() {
    for (state, facts) in journey() {
        let excluded = Facts { declarations: Some(DeclarationsOutcome::Excluded), ..facts };
        let expected = match state {
            RegistrationState::NikAlreadyRecipient => RegistrationState::NikAlreadyRecipient,
            _ => RegistrationState::Ineligible,
        };
        assert_eq!(excluded.state(), expected, "{state:?}");
        // Whoever sits a test finishes it.
        let row: String = Step::ALL.into_iter().map(|step| letter(excluded.allows(step, true))).collect();
        let expected = if state == RegistrationState::TestInProgress { "xxxxxxx++x" } else { "xxxxxxxxxx" };
        assert_eq!(row, expected, "{state:?}");
    }
}

#[test]
fn what_came_early_counts_when_its_turn_comes() {
    let early = Facts {
        ktp_photo: Some(DocumentState::Accepted),
        declarations: Some(DeclarationsOutcome::Clear),
        profile_complete: true,
        ..Facts::default()
    };
    assert_eq!(early.state(), RegistrationState::NotStarted);
    let matched = Facts { identity: Some(IdentityMatch::Matched), ..early };
    assert_eq!(matched.state(), RegistrationState::KtpPhotoAccepted);
    let checked = Facts { face: Some(FaceCheck::Verified), phone: Some(PhoneCheck::Verified), ..matched };
    assert_eq!(checked.state(), RegistrationState::TestAvailable);
}
