//! Somebody with an account.

use prakerja_app::ProfileField;
use prakerja_app::ipc::{AppState, ProfileView, SignUpForm};
use prakerja_testkit::central::Central;

use super::process::Process;

pub const PASSWORD: &str = "Kuda7hijau-minum";

/// Creates an account with the code from central.
pub async fn sign_up(process: &Process, central: &Central, email: &'static str) -> AppState {
    begin_sign_up(process, email).await;
    let code = central.code_for(email).await.unwrap();
    process.ask(move |app| async move { app.confirm_code(&code).await }).await.unwrap()
}

/// Sends the form; the code comes by mail.
pub async fn begin_sign_up(process: &Process, email: &'static str) {
    let form = SignUpForm {
        email: email.into(),
        password: PASSWORD.into(),
        password_confirmation: PASSWORD.into(),
        accept_terms: true,
        accept_privacy: true,
    };
    process.ask(|app| async move { app.sign_up(form).await }).await.unwrap();
}

pub async fn state(process: &Process) -> AppState {
    process.ask(|app| async move { app.get_state().await }).await.unwrap()
}

pub async fn profile(process: &Process) -> ProfileView {
    process.ask(|app| async move { app.get_profile().await }).await.unwrap()
}

/// Types one field.
pub async fn save(process: &Process, field: ProfileField, value: String) {
    process.ask(move |app| async move { app.save_profile_field(field, value).await }).await.unwrap();
}

/// All fields of an invented person, right.
pub const WHOLE: [(ProfileField, &str); 14] = [
    (ProfileField::FullName, "Rina Marlina"),
    (ProfileField::Nik, "7171014102030007"),
    (ProfileField::KkNumber, "7171010102030004"),
    (ProfileField::BirthDate, "2003-02-01"),
    (ProfileField::Gender, "female"),
    (ProfileField::Phone, "081234567890"),
    (ProfileField::KtpAddress, "Jl. Anggrek No. 3"),
    (ProfileField::KtpRegion, "7171011001"),
    (ProfileField::DomicileSameAsKtp, "yes"),
    (ProfileField::EducationLevel, "sma_smk"),
    (ProfileField::MaritalStatus, "single"),
    (ProfileField::DependantsCount, "0"),
    (ProfileField::EmploymentStatus, "job_seeker"),
    (ProfileField::TrainingInterests, "office"),
];
