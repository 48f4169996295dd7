//! Identity verification up to the complete registration (state machine 3.2 of domain.md).
//!
//! What is known of a person is a set of facts; the state is the first step that they leave open. So a photo that was
//! prepared offline may arrive before the registry has answered, and the person still stands where he or she is. What may
//! happen next is one function, [`Facts::allows`]: central asks it before every change, the app before every button.

use serde::{Deserialize, Serialize};

/// Where a registration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum RegistrationState {
    /// Nothing was sent to the civil registry.
    NotStarted,
    /// The civil registry is being asked.
    NikSubmitted,
    /// NIK, family-card number, name or birth date differ from the registry.
    NikMismatch,
    /// Two of the family card are recipients.
    KkQuotaFull,
    /// This person was a recipient. Final.
    NikAlreadyRecipient,
    /// The registry knows the person; personal data is not complete.
    NikMatched,
    /// Personal data is complete; the photo of the identity card is missing.
    ProfileCompleted,
    /// The photo is being looked at.
    KtpPhotoSubmitted,
    /// The photo was refused; take another.
    KtpPhotoRejected,
    /// The photo is accepted; the face check is next.
    KtpPhotoAccepted,
    /// A face check is under way.
    FacePending,
    /// The face check failed; another try is left.
    FaceFailed,
    /// A person of the office looks at the face check.
    ManualReview,
    /// The face check is done; the phone is next.
    FaceVerified,
    /// A code is on its way to the phone.
    PhoneOtpSent,
    /// The phone is verified; the declarations are next.
    PhoneVerified,
    /// A declaration excludes the person, or what the personal data says of employment does. Final, unless that changes.
    Ineligible,
    /// The test may be taken.
    TestAvailable,
    /// The test runs.
    TestInProgress,
    /// The test is being evaluated.
    TestSubmitted,
    /// Everything is done: registration complete.
    TestEvaluated,
}

impl RegistrationState {
    /// True when no step is left.
    pub fn is_complete(self) -> bool {
        self == Self::TestEvaluated
    }

    /// True when nothing can lead on from here, except an appeal.
    pub fn is_final_refusal(self) -> bool {
        matches!(self, Self::NikAlreadyRecipient | Self::Ineligible)
    }
}

/// What the civil registry said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum IdentityMatch {
    /// Being asked.
    Pending,
    /// Everything fits.
    Matched,
    /// Something differs.
    Mismatch,
    /// The family card has its recipients.
    KkQuotaFull,
    /// A recipient before.
    AlreadyRecipient,
}

/// How a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum DocumentState {
    /// Announced; its bytes are not here yet.
    Awaited,
    /// Here; being looked at.
    Received,
    /// Accepted.
    Accepted,
    /// Refused with a reason; another may be sent.
    Rejected,
}

/// Why a photo of an identity card is refused (domain.md §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum DocumentRefusal {
    /// Blurred.
    Blurred,
    /// A part of the card is missing.
    Cut,
    /// Too dark.
    TooDark,
    /// Glare covers something.
    Glare,
    /// Too large.
    TooLarge,
    /// No JPEG or PNG, or unreadable.
    Format,
    /// A copy or a screen, not the card itself.
    NotOriginal,
    /// Not this person's card.
    OtherPerson,
    /// The bytes that came are not those that were announced.
    Damaged,
    /// Sealed to a key that central does not have any more; send it again.
    KeyGone,
    /// Something else; the office says what.
    Other,
}

/// How the face check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum FaceCheck {
    /// Under way at the provider.
    Pending,
    /// Failed; another try is left.
    Failed,
    /// A person of the office decides.
    ManualReview,
    /// Done.
    Verified,
}

/// How the phone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum PhoneCheck {
    /// A code is on its way.
    CodeSent,
    /// Done.
    Verified,
}

/// How the test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum TestProgress {
    /// Running; central owns its end.
    InProgress,
    /// Over; being evaluated.
    Submitted,
    /// Evaluated and passed.
    Passed,
    /// Evaluated and not passed.
    NotPassed,
}

/// What the declarations came to, with what the personal data says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum DeclarationsOutcome {
    /// Nothing excludes the person.
    Clear,
    /// At least one answer does, or the employment status.
    Excluded,
}

/// Everything known of a registration, as central keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Facts {
    /// Answer of the civil registry.
    pub identity: Option<IdentityMatch>,
    /// Every needed field of the personal data is confirmed.
    pub profile_complete: bool,
    /// The newest photo of the identity card.
    pub ktp_photo: Option<DocumentState>,
    /// The face check.
    pub face: Option<FaceCheck>,
    /// The phone.
    pub phone: Option<PhoneCheck>,
    /// The declarations.
    pub declarations: Option<DeclarationsOutcome>,
    /// The test.
    pub test: Option<TestProgress>,
    /// The operator blocked the account (3.1).
    pub blocked: bool,
}

/// Something that a person wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Step {
    /// Ask the civil registry.
    SubmitIdentity,
    /// Send a photo of the identity card.
    AttachPhoto,
    /// Begin a face check.
    StartFaceCheck,
    /// Ask for a code to the phone.
    SendPhoneCode,
    /// Type it.
    ConfirmPhoneCode,
    /// Answer the declarations.
    Declare,
    /// Begin the test.
    StartTest,
    /// Answer an item.
    AnswerTest,
    /// Hand the test in.
    SubmitTest,
    /// Join a wave.
    JoinWave,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Self; 10] = [
        Self::SubmitIdentity,
        Self::AttachPhoto,
        Self::StartFaceCheck,
        Self::SendPhoneCode,
        Self::ConfirmPhoneCode,
        Self::Declare,
        Self::StartTest,
        Self::AnswerTest,
        Self::SubmitTest,
        Self::JoinWave,
    ];
}

/// Why a step is not allowed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum StepRefusal {
    /// The account is blocked.
    Blocked,
    /// The registration ended with a final no.
    Ended,
    /// Something before it is open; `RegistrationState` says what.
    TooEarly,
    /// It was done and cannot be done again.
    Done,
    /// It is under way; wait for its end.
    UnderWay,
    /// The test was not passed, and this scheme asks for it.
    NotPassed,
}

impl Facts {
    /// A person who has done everything before the waves, with the test where it stands.
    pub fn complete(test: TestProgress) -> Self {
        Self {
            identity: Some(IdentityMatch::Matched),
            profile_complete: true,
            ktp_photo: Some(DocumentState::Accepted),
            face: Some(FaceCheck::Verified),
            phone: Some(PhoneCheck::Verified),
            declarations: Some(DeclarationsOutcome::Clear),
            test: Some(test),
            blocked: false,
        }
    }

    /// Whether [`crate::profile::MATCHED_FIELDS`] may not be changed any more: they were matched, or are being asked about.
    pub fn freezes_identity(&self) -> bool {
        matches!(self.identity, Some(IdentityMatch::Pending | IdentityMatch::Matched))
    }

    /// The first step that is open.
    pub fn state(&self) -> RegistrationState {
        use RegistrationState as S;
        // Whoever is excluded is told so wherever he or she stands, and led on to nothing.
        if self.declarations == Some(DeclarationsOutcome::Excluded)
            && self.identity != Some(IdentityMatch::AlreadyRecipient)
        {
            return S::Ineligible;
        }
        match self.identity {
            None => return S::NotStarted,
            Some(IdentityMatch::Pending) => return S::NikSubmitted,
            Some(IdentityMatch::Mismatch) => return S::NikMismatch,
            Some(IdentityMatch::KkQuotaFull) => return S::KkQuotaFull,
            Some(IdentityMatch::AlreadyRecipient) => return S::NikAlreadyRecipient,
            Some(IdentityMatch::Matched) => {}
        }
        if !self.profile_complete {
            return S::NikMatched;
        }
        match self.ktp_photo {
            None | Some(DocumentState::Awaited) => return S::ProfileCompleted,
            Some(DocumentState::Received) => return S::KtpPhotoSubmitted,
            Some(DocumentState::Rejected) => return S::KtpPhotoRejected,
            Some(DocumentState::Accepted) => {}
        }
        match self.face {
            None => return S::KtpPhotoAccepted,
            Some(FaceCheck::Pending) => return S::FacePending,
            Some(FaceCheck::Failed) => return S::FaceFailed,
            Some(FaceCheck::ManualReview) => return S::ManualReview,
            Some(FaceCheck::Verified) => {}
        }
        match self.phone {
            None => return S::FaceVerified,
            Some(PhoneCheck::CodeSent) => return S::PhoneOtpSent,
            Some(PhoneCheck::Verified) => {}
        }
        if self.declarations.is_none() {
            return S::PhoneVerified;
        }
        match self.test {
            None => S::TestAvailable,
            Some(TestProgress::InProgress) => S::TestInProgress,
            Some(TestProgress::Submitted) => S::TestSubmitted,
            Some(TestProgress::Passed | TestProgress::NotPassed) => S::TestEvaluated,
        }
    }

    /// Whether a step may be taken now. `must_pass` is the scheme's rule on the test.
    ///
    /// Neither a block nor an exclusion refuses the end of a test that runs: there is one attempt and its time goes on, so
    /// answers that were refused meanwhile would be lost also to those whose appeal is granted, or who take back a wrong
    /// click in the personal data.
    ///
    /// # Errors
    /// [`StepRefusal`].
    pub fn allows(&self, step: Step, must_pass: bool) -> Result<(), StepRefusal> {
        use RegistrationState as S;
        use StepRefusal as R;
        let state = self.state();
        let sits = matches!(step, Step::AnswerTest | Step::SubmitTest) && self.test == Some(TestProgress::InProgress);
        if self.blocked && !sits {
            return Err(R::Blocked);
        }
        if state.is_final_refusal() && !sits {
            return Err(R::Ended);
        }
        match step {
            Step::SubmitIdentity => match state {
                S::NotStarted | S::NikMismatch | S::KkQuotaFull => Ok(()),
                S::NikSubmitted => Err(R::UnderWay),
                _ => Err(R::Done),
            },
            // Prepared and sent whenever the person has it; the office looks at it once the registry knows the person.
            Step::AttachPhoto => match self.ktp_photo {
                Some(DocumentState::Accepted) => Err(R::Done),
                Some(DocumentState::Received) => Err(R::UnderWay),
                None | Some(DocumentState::Awaited | DocumentState::Rejected) => Ok(()),
            },
            Step::StartFaceCheck => match self.face {
                Some(FaceCheck::Verified) => Err(R::Done),
                Some(FaceCheck::ManualReview) => Err(R::UnderWay),
                // A try that was begun may be begun anew: the phone's battery may be empty.
                _ if state >= S::KtpPhotoAccepted => Ok(()),
                _ => Err(R::TooEarly),
            },
            Step::SendPhoneCode => match self.phone {
                Some(PhoneCheck::Verified) => Err(R::Done),
                _ if state >= S::FaceVerified => Ok(()),
                _ => Err(R::TooEarly),
            },
            Step::ConfirmPhoneCode => match self.phone {
                Some(PhoneCheck::Verified) => Err(R::Done),
                Some(PhoneCheck::CodeSent) => Ok(()),
                None => Err(R::TooEarly),
            },
            // Written and queued whenever the person likes; they count once.
            Step::Declare => match self.declarations {
                Some(_) => Err(R::Done),
                None => Ok(()),
            },
            Step::StartTest => match self.test {
                Some(TestProgress::InProgress) => Err(R::UnderWay),
                Some(_) => Err(R::Done),
                None if state == S::TestAvailable => Ok(()),
                None => Err(R::TooEarly),
            },
            Step::AnswerTest | Step::SubmitTest => match self.test {
                Some(TestProgress::InProgress) => Ok(()),
                Some(_) => Err(R::Done),
                None => Err(R::TooEarly),
            },
            Step::JoinWave => match self.test {
                _ if state != S::TestEvaluated => Err(R::TooEarly),
                Some(TestProgress::NotPassed) if must_pass => Err(R::NotPassed),
                _ => Ok(()),
            },
        }
    }
}

#[cfg(test)]
#[path = "registration_tests.rs"]
mod tests;
