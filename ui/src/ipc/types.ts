// Generated from crates/app/src/ipc.rs by `cargo xtask codegen`. Do not edit.

export type AccountView = { "state": "none" } | { "state": "awaiting_code", 
/**
 * Address that the code went to.
 */
email: string, } | { "state": "signed_in", 
/**
 * Address of the account.
 */
email: string, 
/**
 * First word of the name, when known.
 */
first_name: string | null, } | { "state": "sign_in_needed", 
/**
 * Address of the account.
 */
email: string, 
/**
 * First word of the name, when known.
 */
first_name: string | null, };

export type ActivityRow = { 
/**
 * Id of the enrolment.
 */
enrolment: string, 
/**
 * The training.
 */
training: string, 
/**
 * Its title.
 */
title: string, 
/**
 * How it is held, when the catalogue knows.
 */
method: Method | null, 
/**
 * The run, when there is one.
 */
schedule: ScheduleRow | null, 
/**
 * What it is.
 */
activity: ActivityState, 
/**
 * How the newest thing the person did about it stands.
 */
delivery: Delivery, 
/**
 * The command that waits, or whose refusal the person has not taken note of.
 */
command: string | null, 
/**
 * True when it may be cancelled now.
 */
cancellable: boolean, };

export type ActivityState = { "is": "requested" } | { "is": "enrolled", 
/**
 * State there.
 */
state: EnrolmentState, } | { "is": "cancelling" } | { "is": "refused" };

export type AppEvent = { "kind": "state", 
/**
 * The whole new state.
 */
state: AppState, } | { "kind": "check", 
/**
 * The whole check so far.
 */
check: CheckView, } | { "kind": "changed", 
/**
 * What changed.
 */
what: Changed, };

export type AppState = { 
/**
 * Version of the app.
 */
version: string, 
/**
 * Settings in force.
 */
settings: Settings, 
/**
 * Where central is.
 */
central: CentralView, 
/**
 * The encrypted database.
 */
vault: VaultView, 
/**
 * Who uses it.
 */
account: AccountView, 
/**
 * The three preparations.
 */
preparations: Preparations, 
/**
 * Is my work safe, is it sent?
 */
sync: SyncSummary, };

export type Area = { 
/**
 * Left edge, 0 to 1.
 */
x: number, 
/**
 * Upper edge, 0 to 1.
 */
y: number, 
/**
 * Width, 0 to 1.
 */
width: number, 
/**
 * Height, 0 to 1.
 */
height: number, };

export type Attention = "sign_in" | "update_app" | "seat_full" | "enrolment_closed" | "training_unknown" | "needs_balance" | "already_enrolled" | "not_cancellable" | "validation" | "conflict" | "dependency" | "account_locked" | "central_too_old" | "refused";

export type CentralView = { 
/**
 * Base address.
 */
url: string, 
/**
 * `built_in`, `environment` or `settings`.
 */
source: "built_in" | "environment" | "settings", 
/**
 * Name of the operator, once central told it.
 */
operator: string | null, 
/**
 * True when central runs with demo data: nothing is real.
 */
demo: boolean, };

export type Changed = "catalogue" | "activities" | "profile" | "photo" | "sync";

export type CheckView = { 
/**
 * True while it runs.
 */
running: boolean, 
/**
 * The stages in order.
 */
stages: Array<StageView>, 
/**
 * Round trips of the quality stage and of the live watch, oldest first.
 */
samples: Array<SampleView>, 
/**
 * How many samples the quality stage will take.
 */
samples_planned: number, 
/**
 * Figures, once there are some.
 */
figures: FiguresView | null, 
/**
 * What came out, once known.
 */
verdict: Verdict | null, 
/**
 * Whether sign-up is `open`, `discouraged` or `stopped`.
 */
sign_up: "open" | "discouraged" | "stopped", 
/**
 * When it looks again by itself.
 */
next_at: number | null, 
/**
 * When it began.
 */
started_at: number | null, 
/**
 * This computer's clock minus central's, milliseconds.
 */
clock_skew_ms: number | null, 
/**
 * True while the live watch runs.
 */
watching: boolean, };

export type Choice = { 
/**
 * Code.
 */
code: string, 
/**
 * Name.
 */
name: string, };

export type Choices = { 
/**
 * Provinces: code and name.
 */
provinces: Array<Choice>, 
/**
 * Codes of education levels (words are in the UI).
 */
education_levels: Array<string>, 
/**
 * Codes of employment statuses (words are in the UI).
 */
employment_statuses: Array<string>, };

export type CommandRow = { 
/**
 * The command's id.
 */
command: string, 
/**
 * What it is about.
 */
what: CommandWhat, 
/**
 * How it stands.
 */
delivery: Delivery, 
/**
 * True when it can be cancelled.
 */
cancellable: boolean, 
/**
 * How many times sending was tried.
 */
attempts: number, };

export type CommandWhat = { "kind": "profile", 
/**
 * How many fields.
 */
fields: number, } | { "kind": "enrol", 
/**
 * Title of the training.
 */
title: string, } | { "kind": "cancel_enrolment", 
/**
 * Title of the training.
 */
title: string, } | { "kind": "void" } | { "kind": "other" };

export type Delivery = { "state": "saved", 
/**
 * When it was saved.
 */
at: number, } | { "state": "waiting", 
/**
 * When it was saved.
 */
at: number, } | { "state": "sending", 
/**
 * When it was saved.
 */
at: number, } | { "state": "received", 
/**
 * Central's clock.
 */
at: number, 
/**
 * Receipt number to read out.
 */
receipt: string, } | { "state": "needs_you", 
/**
 * Why.
 */
why: Attention, 
/**
 * When it was saved.
 */
at: number, };

export type DocumentRefusal = "blurred" | "cut" | "too_dark" | "glare" | "too_large" | "format" | "not_original" | "other_person" | "damaged" | "key_gone" | "other";

export type EnrolmentState = "scheduled" | "seat_confirmed" | "in_progress" | "cancelled" | "cancelled_by_institution" | "completed";

export type ErrorCode = "validation" | "offline" | "not_our_server" | "tls_blocked" | "clock_wrong" | "busy" | "rate_limited" | "too_old" | "wrong_credentials" | "wrong_code" | "code_expired" | "code_locked" | "sign_in_needed" | "account_locked" | "unsent_items" | "not_found" | "already_enrolled" | "seat_full" | "enrolment_closed" | "needs_balance" | "not_cancellable" | "bad_address" | "vault_locked" | "wrong_passphrase" | "vault_broken" | "vault_busy" | "disk_full" | "internal";

export type FieldCheck = { 
/**
 * Wrong fields.
 */
errors: Array<FieldError>, 
/**
 * What looks odd in all that is typed.
 */
warnings: Array<IdentityWarning>, };

export type FieldError = { 
/**
 * Name of the field as in the form and on the wire (`nik`, `email`, ...).
 */
field: string, 
/**
 * What is wrong.
 */
code: FieldErrorCode, 
/**
 * Numbers for the sentence (`expected`, `actual`, `min`, `max`).
 */
params?: Record<string, number>, };

export type FieldErrorCode = "required" | "too_long" | "too_short" | "invalid_characters" | "not_digits" | "wrong_length" | "invalid_date" | "in_future" | "too_young" | "too_old" | "invalid_email" | "invalid_phone" | "unknown_option" | "out_of_range" | "too_many" | "zero_serial" | "needs_lower" | "needs_upper" | "needs_digit" | "contains_email" | "mismatch" | "not_accepted" | "too_easy";

export type FiguresView = { 
/**
 * Tries.
 */
tries: number, 
/**
 * Failed tries.
 */
failed: number, 
/**
 * Median round trip, milliseconds.
 */
median_ms: number, 
/**
 * 95th percentile, milliseconds.
 */
p95_ms: number, 
/**
 * Mean difference of neighbours, milliseconds.
 */
jitter_ms: number, 
/**
 * Upload speed in bit/s, a lower bound.
 */
upload_bps: number | null, 
/**
 * Estimated time to send the photo, seconds.
 */
photo_s: number | null, };

export type FileType = "jpeg" | "png" | "heic" | "avif" | "webp" | "gif" | "bmp" | "tiff" | "pdf" | "other";

export type Finding = { 
/**
 * What.
 */
kind: FindingKind, 
/**
 * How bad.
 */
severity: Severity, 
/**
 * How much; the unit stands with the kind.
 */
measure: number, 
/**
 * Where on the upright picture; empty when it is the whole of it.
 */
areas: Array<Area>, };

export type FindingKind = "too_small" | "blurred" | "too_dark" | "too_bright" | "glare" | "cut_edge" | "no_card" | "tilted" | "sideways";

export type HandoverView = { 
/**
 * Its address; whoever has it may send one photo.
 */
url: string, 
/**
 * The address as a QR code: an SVG element.
 */
qr_svg: string, 
/**
 * When it stops working, by this computer's clock.
 */
expires_at: number, };

export type IdentityWarning = "unknown_province" | "birth_date_differs" | "gender_differs" | "kk_same_as_nik";

export type IpcError = { 
/**
 * The code.
 */
code: ErrorCode, 
/**
 * Wrong fields, with `validation`.
 */
fields: Array<FieldError>, 
/**
 * Wait at least so long.
 */
retry_after_ms: number | null, 
/**
 * Numbers for the sentence (`attempts_left`, `count`, ...).
 */
numbers: Record<string, number>, 
/**
 * Short reference for support, without personal data.
 */
reference: string, };

export type KeyringTrouble = "absent" | "locked" | "failed";

export type LastCheck = { 
/**
 * What came out.
 */
verdict: Verdict, 
/**
 * When.
 */
at: number, };

export type Method = "self_paced" | "webinar" | "in_person";

export type PendingCode = { 
/**
 * Address that it went to.
 */
email: string, 
/**
 * Until when it is valid.
 */
expires_at: number, 
/**
 * From when another may be asked for.
 */
resend_at: number, 
/**
 * How many more may be asked for.
 */
resends_left: number, 
/**
 * Address of the sandbox mailbox page when central runs with demo data.
 */
sandbox_mailbox: string | null, };

export type PhotoDraft = { 
/**
 * Width of what would be sent, in pixels.
 */
width: number, 
/**
 * Height of it.
 */
height: number, 
/**
 * The small picture as a data URI.
 */
preview: string, 
/**
 * What is wrong with it, what refuses first.
 */
findings: Array<Finding>, 
/**
 * The turn that would bring the card level.
 */
suggested_turn: QuarterTurn, 
/**
 * False when nobody could read the card on it.
 */
sendable: boolean, 
/**
 * When it was chosen or turned.
 */
saved_at: number, };

export type PhotoOutcome = { "outcome": "done", 
/**
 * Everything about the photo now.
 */
view: PhotoView, } | { "outcome": "unreadable", 
/**
 * Why, with numbers.
 */
why: Unreadable, } | { "outcome": "no_draft" } | { "outcome": "not_legible" } | { "outcome": "key_unknown" } | { "outcome": "step_refused", 
/**
 * Why.
 */
refusal: StepRefusal, };

export type PhotoView = { 
/**
 * What was chosen and not sent.
 */
draft: PhotoDraft | null, 
/**
 * What was sent last, from this computer or a phone.
 */
sent: SentPhoto | null, };

export type Preparations = { 
/**
 * Internet connection: last verdict and when.
 */
connection: LastCheck | null, 
/**
 * Account is verified.
 */
account: boolean, 
/**
 * Fields of the personal data that are filled in and right.
 */
personal_filled: number, 
/**
 * Fields of the personal data in all.
 */
personal_total: number, 
/**
 * True when the personal data was confirmed with check-your-answers.
 */
personal_submitted: boolean, };

export type ProfileConflict = { 
/**
 * The command to resolve.
 */
command: string, 
/**
 * Field to (mine, central's).
 */
fields: Partial<Record<ProfileField, [string | null, string | null]>>, };

export type ProfileField = "full_name" | "nik" | "kk_number" | "birth_date" | "gender" | "phone" | "ktp_address" | "ktp_region" | "domicile_same_as_ktp" | "domicile_address" | "domicile_region" | "education_level" | "marital_status" | "dependants_count" | "employment_status" | "training_interests";

export type ProfileView = { 
/**
 * What the person typed (draft over what central has).
 */
values: Partial<Record<ProfileField, string>>, 
/**
 * What looks odd.
 */
warnings: Array<IdentityWarning>, 
/**
 * Last time a field was saved on this computer.
 */
saved_at: number | null, 
/**
 * How the confirmed data stands; absent before it was confirmed.
 */
delivery: Delivery | null, 
/**
 * True when the draft differs from what was confirmed.
 */
has_changes: boolean, 
/**
 * A conflict that the person must decide.
 */
conflict: ProfileConflict | null, };

export type Protection = "keyring" | "passphrase";

export type QuarterTurn = "none" | "right" | "half" | "left";

export type SampleView = { 
/**
 * Round trip in milliseconds; absent for a failed try.
 */
ms: number | null, };

export type Saved = { 
/**
 * When.
 */
saved_at: number, };

export type ScheduleRow = { 
/**
 * Its id.
 */
id: string, 
/**
 * First day.
 */
starts_on: string, 
/**
 * Last day.
 */
ends_on: string, 
/**
 * Time of day.
 */
time: string, 
/**
 * City; absent for webinars.
 */
city: string | null, 
/**
 * Street address; absent for webinars.
 */
address: string | null, 
/**
 * Enrolment closes.
 */
closes_at: number, 
/**
 * True when it has closed by the best clock known here.
 */
closed: boolean, 
/**
 * Seats, roughly.
 */
seats: SeatBand, };

export type SeatBand = "plenty" | "few" | "full";

export type SentPhoto = { 
/**
 * The document.
 */
document: string, 
/**
 * How it stands.
 */
state: SentPhotoState, 
/**
 * Bytes that central has.
 */
sent_bytes: number, 
/**
 * Bytes in all; 0 when they were not sent from this computer.
 */
total_bytes: number, 
/**
 * Why it was refused; absent when central refused to take a photo at all.
 */
refusal: DocumentRefusal | null, 
/**
 * The office's own words.
 */
note: string | null, 
/**
 * When it was made, received or answered.
 */
at: number, 
/**
 * It came by the phone's page.
 */
from_phone: boolean, };

export type SentPhotoState = "waiting" | "uploading" | "received" | "accepted" | "rejected";

export type SessionRow = { 
/**
 * Its id.
 */
session: string, 
/**
 * Name of the computer.
 */
device_name: string, 
/**
 * Opened.
 */
created_at: number, 
/**
 * Last used.
 */
used_at: number, 
/**
 * This computer's own.
 */
current: boolean, };

export type Settings = { 
/**
 * `id` or `en`.
 */
language: "id" | "en", 
/**
 * `system`, `light` or `dark`.
 */
theme: "system" | "light" | "dark", 
/**
 * Text size in percent: 100, 125, 150, 200.
 */
text_percent: number, };

export type SettingsPatch = { 
/**
 * New language.
 */
language?: string, 
/**
 * New theme.
 */
theme?: string, 
/**
 * New text size.
 */
text_percent?: number, 
/**
 * New address of central; empty for the built-in one.
 */
central_url?: string, };

export type Severity = "warn" | "refuse";

export type SignUpForm = { 
/**
 * Typed address.
 */
email: string, 
/**
 * Typed password.
 */
password: string, 
/**
 * Typed again.
 */
password_confirmation: string, 
/**
 * Box "terms" ticked.
 */
accept_terms: boolean, 
/**
 * Box "privacy" ticked.
 */
accept_privacy: boolean, };

export type Stage = "name" | "reach" | "secure" | "api" | "portal" | "quality" | "upload";

export type StageState = "waiting" | "running" | "passed" | "failed" | "skipped";

export type StageView = { 
/**
 * Which.
 */
stage: Stage, 
/**
 * How it stands.
 */
state: StageState, 
/**
 * How long it took.
 */
ms: number | null, 
/**
 * A fact to show beside it: host name, `ipv4`/`ipv6`, issuer, speed in bit/s. No personal data.
 */
fact: string | null, };

export type StepRefusal = "blocked" | "ended" | "too_early" | "done" | "under_way" | "not_passed";

export type SyncStatus = "idle" | "all_sent" | "waiting" | "sending" | "needs_you" | "busy" | "blocked";

export type SyncSummary = { 
/**
 * The one word of the indicator.
 */
status: SyncStatus, 
/**
 * How many things wait.
 */
waiting: number, 
/**
 * How many need the person.
 */
needs_you: number, 
/**
 * Whether central could be reached at the last try.
 */
online: boolean | null, 
/**
 * When everything was last exchanged.
 */
last_sync_at: number | null, 
/**
 * When it tries again.
 */
next_try_at: number | null, };

export type SyncView = { 
/**
 * The summary.
 */
summary: SyncSummary, 
/**
 * What waits or needs the person, oldest first.
 */
waiting: Array<CommandRow>, 
/**
 * What was received, newest first, at most 50.
 */
received: Array<CommandRow>, };

export type TrainingDetail = { 
/**
 * What the list shows.
 */
row: TrainingRow, 
/**
 * What one learns.
 */
summary: string, 
/**
 * Field of work.
 */
field: string, 
/**
 * What one needs.
 */
needs: Array<string>, 
/**
 * Runs.
 */
schedules: Array<ScheduleRow>, 
/**
 * When the catalogue was last brought up to date.
 */
as_of: number | null, };

export type TrainingPage = { 
/**
 * How many fit the query.
 */
total: number, 
/**
 * How many are stored on this computer.
 */
stored: number, 
/**
 * When the catalogue was last brought up to date.
 */
as_of: number | null, 
/**
 * This page.
 */
rows: Array<TrainingRow>, };

export type TrainingQuery = { 
/**
 * Words typed.
 */
text: string, 
/**
 * Only these methods; empty for all.
 */
methods: Array<Method>, 
/**
 * Only free ones.
 */
free_only: boolean, 
/**
 * Only in this province (in-person ones).
 */
province?: string, 
/**
 * Only with a seat.
 */
with_seat: boolean, 
/**
 * Skip so many.
 */
offset: number, 
/**
 * At most so many (1 to 100).
 */
limit: number, };

export type TrainingRow = { 
/**
 * Its id.
 */
id: string, 
/**
 * Title.
 */
title: string, 
/**
 * How it is held.
 */
method: Method, 
/**
 * Institution.
 */
institution: string, 
/**
 * Platform.
 */
platform: string, 
/**
 * Free for everyone with an account.
 */
free: boolean, 
/**
 * Price in rupiah.
 */
price_idr: number, 
/**
 * Hours.
 */
hours: number, 
/**
 * Rating times ten.
 */
rating_x10: number | null, 
/**
 * Number of ratings.
 */
ratings: number, 
/**
 * City of the next run in person.
 */
city: string | null, 
/**
 * First day of the next run.
 */
starts_on: string | null, 
/**
 * Best band of all runs.
 */
seats: SeatBand | null, 
/**
 * The person's own activity, if any.
 */
mine: ActivityState | null, };

export type Unreadable = { "code": "empty" } | { "code": "too_large", 
/**
 * Most bytes that are read.
 */
max: number, 
/**
 * Bytes of the file.
 */
actual: number, } | { "code": "unsupported_type", 
/**
 * What it is, so that the window can say what to do.
 */
found: FileType, } | { "code": "too_many_pixels", 
/**
 * Most pixels that are decoded.
 */
max: number, 
/**
 * Pixels of the picture.
 */
actual: number, } | { "code": "broken" };

export type VaultProblem = "key_missing" | "wrong_key" | "damaged" | "newer_schema" | "disk_full" | "in_use" | "no_encryption" | "no_access" | "failed";

export type VaultView = { "state": "opening" } | { "state": "needs_passphrase", 
/**
 * What is the matter with the keyring.
 */
why: KeyringTrouble, } | { "state": "locked", 
/**
 * Where the key is.
 */
by: Protection, } | { "state": "open", 
/**
 * Where the key is.
 */
by: Protection, } | { "state": "broken", 
/**
 * Why.
 */
why: VaultProblem, 
/**
 * Where the file is, to tell support; a path under the person's own folder.
 */
path: string, };

export type Verdict = "stable" | "usable" | "poor" | "offline" | "name_not_found" | "server_unreachable" | "portal" | "tls_blocked" | "clock_wrong" | "server_busy" | "server_down" | "too_old";

/** Every command of the app: its arguments and its result. */
export interface Commands {
  get_state: { args: {  }; result: AppState };
  set_settings: { args: { settings: SettingsPatch }; result: AppState };
  create_vault: { args: { passphrase: string }; result: AppState };
  unlock_vault: { args: { passphrase: string | null }; result: AppState };
  set_aside_vault: { args: {  }; result: AppState };
  get_choices: { args: {  }; result: Choices };
  start_check: { args: {  }; result: CheckView };
  get_check: { args: {  }; result: CheckView };
  stop_check: { args: {  }; result: CheckView };
  watch_connection: { args: { on: boolean }; result: null };
  get_check_details: { args: {  }; result: string };
  open_login_page: { args: {  }; result: null };
  suggest_email: { args: { email: string }; result: string | null };
  sign_up: { args: { form: SignUpForm }; result: PendingCode };
  get_pending_code: { args: {  }; result: PendingCode | null };
  confirm_code: { args: { code: string }; result: AppState };
  resend_code: { args: {  }; result: PendingCode };
  abandon_sign_up: { args: {  }; result: AppState };
  sign_in: { args: { email: string; password: string }; result: AppState };
  sign_out: { args: { leaveUnsent: boolean }; result: AppState };
  list_sessions: { args: {  }; result: SessionRow[] };
  revoke_session: { args: { session: string }; result: SessionRow[] };
  get_profile: { args: {  }; result: ProfileView };
  save_profile_field: { args: { field: ProfileField; value: string }; result: Saved };
  check_profile_fields: { args: { fields: ProfileField[] }; result: FieldCheck };
  submit_profile: { args: {  }; result: ProfileView };
  search_trainings: { args: { query: TrainingQuery }; result: TrainingPage };
  get_training: { args: { training: string }; result: TrainingDetail };
  request_enrolment: { args: { training: string; schedule: string | null }; result: ActivityRow };
  cancel_enrolment: { args: { enrolment: string }; result: ActivityRow };
  list_activities: { args: {  }; result: ActivityRow[] };
  get_sync: { args: {  }; result: SyncView };
  sync_now: { args: {  }; result: SyncView };
  cancel_command: { args: { command: string }; result: SyncView };
  resolve_conflict: { args: { command: string; keepMine: boolean }; result: SyncView };
  copy_text: { args: { text: string }; result: null };
}

export const EVENT = 'app';
