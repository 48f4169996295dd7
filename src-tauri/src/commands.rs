//! Adapters: take the app, call one function of it, return. What they check and decide is in `prakerja-app`.

use std::collections::BTreeMap;
use std::sync::Arc;

use prakerja_app::error::Answer;
use prakerja_app::ipc::photo::{HandoverView, PhotoView};
use prakerja_app::ipc::registration::{
    DeclarationsView, EligibilityForm, EligibilityView, FaceSessionView, NoticeRow, PhoneCodeState, RegionHit,
    RegionLevel, RegistrationView, TestView,
};
use prakerja_app::ipc::wave::{MembershipView, WavesView};
use prakerja_app::ipc::{
    ActivityRow, AppState, CheckView, Choices, ErrorCode, FieldCheck, IpcError, PendingCode, ProfileView, ResetForm,
    Saved, SessionRow, SettingsPatch, SignUpForm, SyncView, TrainingDetail, TrainingPage, TrainingQuery,
};
use prakerja_app::{App, ProfileField, QuarterTurn, Uuid};
use secrecy::SecretString;
use tauri::ipc::{InvokeBody, Request};
use tauri::{AppHandle, State, Wry};
use tauri_plugin_opener::OpenerExt;

use crate::clipboard::Clipboard;
use crate::words;

/// Makes the handler and the list of its commands from one list of names, so that they cannot differ.
macro_rules! commands {
    ($($name:ident),* $(,)?) => {
        /// Names of the commands that have an adapter.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}

commands![
    get_state,
    set_settings,
    create_vault,
    unlock_vault,
    set_aside_vault,
    get_choices,
    start_check,
    get_check,
    stop_check,
    watch_connection,
    get_check_details,
    open_login_page,
    suggest_email,
    sign_up,
    reset_password,
    get_pending_code,
    confirm_code,
    resend_code,
    abandon_sign_up,
    sign_in,
    sign_out,
    list_sessions,
    revoke_session,
    close_account,
    forget_account,
    get_profile,
    save_profile_field,
    check_profile_fields,
    submit_profile,
    search_trainings,
    get_training,
    request_enrolment,
    cancel_enrolment,
    list_activities,
    get_sync,
    sync_now,
    cancel_command,
    resolve_conflict,
    copy_text,
    get_eligibility,
    check_eligibility,
    search_regions,
    get_region,
    get_registration,
    submit_identity,
    get_phone_code,
    send_phone_code,
    confirm_phone_code,
    start_face_check,
    open_link,
    get_declarations,
    save_declaration,
    save_consent,
    submit_declarations,
    get_test,
    start_test,
    answer_test,
    submit_test,
    submit_appeal,
    list_notices,
    read_notices,
    get_waves,
    join_wave,
    verify_selection,
    get_membership,
    reveal_card_number,
    copy_card_number,
    save_deadline_calendar,
    get_photo,
    examine_photo,
    turn_photo,
    discard_photo,
    send_photo,
    send_photo_now,
    start_handover,
];

#[tauri::command]
async fn get_state(app: State<'_, App>) -> Answer<AppState> {
    app.get_state().await
}

#[tauri::command]
async fn set_settings(app: State<'_, App>, settings: SettingsPatch) -> Answer<AppState> {
    app.set_settings(settings).await
}

#[tauri::command]
async fn create_vault(app: State<'_, App>, passphrase: String) -> Answer<AppState> {
    app.create_vault(passphrase.into()).await
}

#[tauri::command]
async fn unlock_vault(app: State<'_, App>, passphrase: Option<String>) -> Answer<AppState> {
    app.unlock_vault(passphrase.map(SecretString::from)).await
}

#[tauri::command]
async fn set_aside_vault(app: State<'_, App>) -> Answer<AppState> {
    app.set_aside_vault().await
}

#[tauri::command]
async fn get_choices(app: State<'_, App>) -> Answer<Choices> {
    app.get_choices().await
}

#[tauri::command]
async fn start_check(app: State<'_, App>) -> Answer<CheckView> {
    app.start_check().await
}

#[tauri::command]
async fn get_check(app: State<'_, App>) -> Answer<CheckView> {
    app.get_check().await
}

#[tauri::command]
async fn stop_check(app: State<'_, App>) -> Answer<CheckView> {
    app.stop_check().await
}

#[tauri::command]
async fn watch_connection(app: State<'_, App>, on: bool) -> Answer<()> {
    app.watch_connection(on).await
}

#[tauri::command]
async fn get_check_details(app: State<'_, App>) -> Answer<String> {
    app.get_check_details().await
}

#[tauri::command]
async fn open_login_page(app: State<'_, App>, handle: AppHandle) -> Answer<()> {
    let page = app.login_page()?;
    let opened = handle.opener().open_url(page, None::<&str>);
    opened.map_err(|error| IpcError::defect("browser", &error))
}

#[tauri::command]
fn suggest_email(app: State<'_, App>, email: String) -> Option<String> {
    app.suggest_email(&email)
}

#[tauri::command]
async fn sign_up(app: State<'_, App>, form: SignUpForm) -> Answer<PendingCode> {
    app.sign_up(form).await
}

#[tauri::command]
async fn reset_password(app: State<'_, App>, form: ResetForm) -> Answer<PendingCode> {
    app.reset_password(form).await
}

#[tauri::command]
async fn get_pending_code(app: State<'_, App>) -> Answer<Option<PendingCode>> {
    app.get_pending_code().await
}

#[tauri::command]
async fn confirm_code(app: State<'_, App>, code: String) -> Answer<AppState> {
    app.confirm_code(&code).await
}

#[tauri::command]
async fn resend_code(app: State<'_, App>) -> Answer<PendingCode> {
    app.resend_code().await
}

#[tauri::command]
async fn abandon_sign_up(app: State<'_, App>) -> Answer<AppState> {
    app.abandon_sign_up().await
}

#[tauri::command]
async fn sign_in(app: State<'_, App>, email: String, password: String) -> Answer<AppState> {
    app.sign_in(&email, password.into()).await
}

#[tauri::command]
async fn sign_out(app: State<'_, App>, leave_unsent: bool) -> Answer<AppState> {
    app.sign_out(leave_unsent).await
}

#[tauri::command]
async fn list_sessions(app: State<'_, App>) -> Answer<Vec<SessionRow>> {
    app.list_sessions().await
}

#[tauri::command]
async fn revoke_session(app: State<'_, App>, session: Uuid) -> Answer<Vec<SessionRow>> {
    app.revoke_session(session).await
}

#[tauri::command]
async fn close_account(app: State<'_, App>, password: String) -> Answer<AppState> {
    app.close_account(password.into()).await
}

#[tauri::command]
async fn forget_account(app: State<'_, App>, email: String) -> Answer<AppState> {
    app.forget_account(&email).await
}

#[tauri::command]
async fn get_profile(app: State<'_, App>) -> Answer<ProfileView> {
    app.get_profile().await
}

#[tauri::command]
async fn save_profile_field(app: State<'_, App>, field: ProfileField, value: String) -> Answer<Saved> {
    app.save_profile_field(field, value).await
}

#[tauri::command]
async fn check_profile_fields(app: State<'_, App>, fields: Vec<ProfileField>) -> Answer<FieldCheck> {
    app.check_profile_fields(fields).await
}

#[tauri::command]
async fn submit_profile(app: State<'_, App>) -> Answer<ProfileView> {
    app.submit_profile().await
}

#[tauri::command]
async fn search_trainings(app: State<'_, App>, query: TrainingQuery) -> Answer<TrainingPage> {
    app.search_trainings(query).await
}

#[tauri::command]
async fn get_training(app: State<'_, App>, training: Uuid) -> Answer<TrainingDetail> {
    app.get_training(training).await
}

#[tauri::command]
async fn request_enrolment(app: State<'_, App>, training: Uuid, schedule: Option<Uuid>) -> Answer<ActivityRow> {
    app.request_enrolment(training, schedule).await
}

#[tauri::command]
async fn cancel_enrolment(app: State<'_, App>, enrolment: Uuid) -> Answer<ActivityRow> {
    app.cancel_enrolment(enrolment).await
}

#[tauri::command]
async fn list_activities(app: State<'_, App>) -> Answer<Vec<ActivityRow>> {
    app.list_activities().await
}

#[tauri::command]
async fn get_sync(app: State<'_, App>) -> Answer<SyncView> {
    app.get_sync().await
}

#[tauri::command]
async fn sync_now(app: State<'_, App>) -> Answer<SyncView> {
    app.sync_now().await
}

#[tauri::command]
async fn cancel_command(app: State<'_, App>, command: Uuid) -> Answer<SyncView> {
    app.cancel_command(command).await
}

#[tauri::command]
async fn resolve_conflict(app: State<'_, App>, command: Uuid, keep_mine: bool) -> Answer<SyncView> {
    app.resolve_conflict(command, keep_mine).await
}

#[tauri::command]
async fn copy_text(clipboard: State<'_, Clipboard>, text: String) -> Answer<()> {
    clipboard.write(&text)
}

#[tauri::command]
async fn get_eligibility(app: State<'_, App>) -> Answer<EligibilityView> {
    app.get_eligibility().await
}

#[tauri::command]
async fn check_eligibility(app: State<'_, App>, answers: EligibilityForm) -> Answer<EligibilityView> {
    app.check_eligibility(answers).await
}

#[tauri::command]
async fn search_regions(
    app: State<'_, App>,
    level: RegionLevel,
    within: Option<String>,
    text: String,
) -> Answer<Vec<RegionHit>> {
    app.search_regions(level, within, text).await
}

#[tauri::command]
async fn get_region(app: State<'_, App>, code: String) -> Answer<Vec<RegionHit>> {
    app.get_region(code).await
}

#[tauri::command]
async fn get_registration(app: State<'_, App>) -> Answer<RegistrationView> {
    app.get_registration().await
}

#[tauri::command]
async fn submit_identity(app: State<'_, App>, consents: Vec<String>) -> Answer<RegistrationView> {
    app.submit_identity(consents).await
}

#[tauri::command]
async fn get_phone_code(app: State<'_, App>) -> Answer<PhoneCodeState> {
    app.get_phone_code().await
}

#[tauri::command]
async fn send_phone_code(app: State<'_, App>) -> Answer<PhoneCodeState> {
    app.send_phone_code().await
}

#[tauri::command]
async fn confirm_phone_code(app: State<'_, App>, code: String) -> Answer<RegistrationView> {
    app.confirm_phone_code(&code).await
}

#[tauri::command]
async fn start_face_check(app: State<'_, App>, consents: Vec<String>) -> Answer<FaceSessionView> {
    app.start_face_check(consents).await
}

#[tauri::command]
async fn open_link(app: State<'_, App>, handle: AppHandle, url: String) -> Answer<()> {
    let page = app.link(&url)?;
    let opened = handle.opener().open_url(page, None::<&str>);
    opened.map_err(|error| IpcError::defect("browser", &error))
}

#[tauri::command]
async fn get_declarations(app: State<'_, App>) -> Answer<DeclarationsView> {
    app.get_declarations().await
}

#[tauri::command]
async fn save_declaration(app: State<'_, App>, id: String, answer: bool) -> Answer<DeclarationsView> {
    app.save_declaration(&id, answer).await
}

#[tauri::command]
async fn save_consent(app: State<'_, App>, id: String, given: bool) -> Answer<DeclarationsView> {
    app.save_consent(&id, given).await
}

#[tauri::command]
async fn submit_declarations(app: State<'_, App>) -> Answer<DeclarationsView> {
    app.submit_declarations().await
}

#[tauri::command]
async fn get_test(app: State<'_, App>) -> Answer<TestView> {
    app.get_test().await
}

#[tauri::command]
async fn start_test(app: State<'_, App>) -> Answer<TestView> {
    app.start_test().await
}

#[tauri::command]
async fn answer_test(app: State<'_, App>, item: String, choice: String) -> Answer<Saved> {
    app.answer_test(item, choice).await
}

#[tauri::command]
async fn submit_test(app: State<'_, App>) -> Answer<TestView> {
    app.submit_test().await
}

#[tauri::command]
async fn submit_appeal(app: State<'_, App>, text: String) -> Answer<RegistrationView> {
    app.submit_appeal(text).await
}

#[tauri::command]
async fn list_notices(app: State<'_, App>) -> Answer<Vec<NoticeRow>> {
    app.list_notices().await
}

#[tauri::command]
async fn read_notices(app: State<'_, App>) -> Answer<()> {
    app.read_notices().await
}

#[tauri::command]
async fn get_waves(app: State<'_, App>) -> Answer<WavesView> {
    app.get_waves().await
}

#[tauri::command]
async fn join_wave(
    app: State<'_, App>,
    wave: u32,
    consents: Vec<String>,
    answers: BTreeMap<String, bool>,
) -> Answer<WavesView> {
    app.join_wave(wave, consents, answers).await
}

#[tauri::command]
async fn verify_selection(app: State<'_, App>, wave: u32) -> Answer<WavesView> {
    app.verify_selection(wave).await
}

#[tauri::command]
async fn get_membership(app: State<'_, App>) -> Answer<Option<MembershipView>> {
    app.get_membership().await
}

#[tauri::command]
async fn reveal_card_number(app: State<'_, App>) -> Answer<String> {
    app.reveal_card_number().await
}

#[tauri::command]
async fn copy_card_number(app: State<'_, App>, clipboard: State<'_, Clipboard>) -> Answer<()> {
    app.copy_card_number(Arc::new(clipboard.inner().clone())).await
}

#[tauri::command]
async fn save_deadline_calendar(app: State<'_, App>) -> Answer<String> {
    let words = words::calendar(&app.language());
    app.save_deadline_calendar(words).await
}

#[tauri::command]
async fn get_photo(app: State<'_, App>) -> Answer<PhotoView> {
    app.get_photo().await
}

#[tauri::command]
async fn examine_photo(app: State<'_, App>, photo: Request<'_>) -> Answer<PhotoView> {
    // Bytes as they are: a photo as a list of numbers would be four times as long.
    let InvokeBody::Raw(bytes) = photo.body() else { return Err(IpcError::new(ErrorCode::PhotoUnusable)) };
    app.examine_photo(bytes.clone()).await
}

#[tauri::command]
async fn turn_photo(app: State<'_, App>, turn: QuarterTurn) -> Answer<PhotoView> {
    app.turn_photo(turn).await
}

#[tauri::command]
async fn discard_photo(app: State<'_, App>) -> Answer<PhotoView> {
    app.discard_photo().await
}

#[tauri::command]
async fn send_photo(app: State<'_, App>) -> Answer<PhotoView> {
    app.send_photo().await
}

#[tauri::command]
async fn send_photo_now(app: State<'_, App>) -> Answer<PhotoView> {
    app.send_photo_now().await
}

#[tauri::command]
async fn start_handover(app: State<'_, App>) -> Answer<HandoverView> {
    app.start_handover().await
}
