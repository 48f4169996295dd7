// Generated from crates/app/src/ipc.rs by `cargo xtask codegen`. Do not edit.

export type AccountView = { "state": "none" } | { "state": "awaiting_code", 
/**
 * Address of the account.
 */
email: string, 
/**
 * What the right code does.
 */
purpose: CodePurpose, } | { "state": "signed_in", 
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

export type Answer = "yes" | "no" | "unsure";

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
 * Counts up with every state that is read: answers and events come by different roads, and an older one may come last.
 */
turn: number, 
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
 * True from the request to close the account that is shown until it is known what became of it.
 */
closing_asked: boolean, 
/**
 * The three preparations.
 */
preparations: Preparations, 
/**
 * Is my work safe, is it sent?
 */
sync: SyncSummary, 
/**
 * Where the registration stands, by what central said last; absent before there is an account.
 */
registration: RegistrationState | null, 
/**
 * Things that happened and that the person has not seen.
 */
unread_notices: number, 
/**
 * True when the account has a membership.
 */
member: boolean, 
/**
 * Bytes cost money on this connection, by what the operating system says; absent when it does not know.
 */
metered: boolean | null, };

export type AppealView = { 
/**
 * What the person wrote.
 */
text: string, 
/**
 * How it stands.
 */
delivery: Delivery, 
/**
 * True while it waits for an answer: there can be no other one. Central did not take what has neither this nor an answer.
 */
open: boolean, 
/**
 * True when the block was lifted for it; absent before the answer. False is final while the block lasts: there can be no
 * other one.
 */
granted: boolean | null, 
/**
 * When the office answered, by central's clock.
 */
answered_at: number | null, 
/**
 * The office's words.
 */
answer: string | null, };

export type ApplicationState = "joined_waiting_close" | "processing" | "accepted" | "not_accepted";

export type ApplicationView = { 
/**
 * Its id.
 */
application: string, 
/**
 * The wave.
 */
wave: number, 
/**
 * Where it stands; absent before central said so.
 */
state: ApplicationState | null, 
/**
 * How it was counted.
 */
counted: Counted | null, 
/**
 * How the request stands.
 */
delivery: Delivery, 
/**
 * Why central refused it (`wave_closed`, `not_in_region`, ...; words are in the UI).
 */
refused: string | null, 
/**
 * The pseudonym on the wave's public list, hex.
 */
blind: string | null, 
/**
 * The class in which it is drawn.
 */
class: PriorityClass | null, 
/**
 * Place in the draw.
 */
drawn: DrawnView | null, 
/**
 * Why it is not on the list that is drawn from.
 */
left_off: LeftOff | null, 
/**
 * True when the request carries a proof of the time at which it was made; absent once central has answered.
 */
provable: boolean | null, 
/**
 * The command, while it can be taken back.
 */
command: string | null, };

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

export type Attention = "sign_in" | "update_app" | "seat_full" | "enrolment_closed" | "training_unknown" | "needs_balance" | "already_enrolled" | "not_cancellable" | "validation" | "conflict" | "dependency" | "account_locked" | "central_too_old" | "wave_closed" | "wave_not_open" | "not_in_region" | "scheme_unfit" | "already_member" | "step_refused" | "try_later" | "nik_taken" | "test_over" | "attach_again" | "refused";

export type BlockedView = { 
/**
 * Since when.
 */
at: number, 
/**
 * Code of the reason (`false_data`, `automation`, `proxy`, ...; words are in the UI).
 */
reason: string, 
/**
 * The office's own words.
 */
note: string | null, };

export type CardOnList = { 
/**
 * How many more people of the card may become participants.
 */
free: number, 
/**
 * How many others of the card are on the list.
 */
others: number, };

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

export type Changed = "catalogue" | "activities" | "profile" | "sync" | "registration" | "photo" | "waves" | "notices";

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
 * Codes of marital statuses (words are in the UI).
 */
marital_statuses: Array<string>, 
/**
 * Fields of training: key and words, of the scheme in force.
 */
training_interests: Array<Interest>, 
/**
 * Codes of education levels (words are in the UI).
 */
education_levels: Array<string>, 
/**
 * Codes of employment statuses (words are in the UI).
 */
employment_statuses: Array<string>, 
/**
 * Those of them with which nobody can take part, and why.
 */
excluding_statuses: Record<string, Reason>, 
/**
 * Least age, of the scheme in force.
 */
min_age: number, 
/**
 * Greatest age, if any.
 */
max_age: number | null, };

export type CodeChannel = "mail" | "sms";

export type CodePurpose = "account" | "password";

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
title: string, } | { "kind": "identity" } | { "kind": "photo" } | { "kind": "declarations" } | { "kind": "test" } | { "kind": "join", 
/**
 * Its number.
 */
wave: number, } | { "kind": "appeal" } | { "kind": "void" } | { "kind": "other" };

export type ConsentRow = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its words.
 */
text: Words, 
/**
 * True when the box is ticked.
 */
given: boolean, };

export type Counted = "in_time" | "by_evidence";

export type DeclarationRow = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its words.
 */
text: Words, 
/**
 * What the person answered.
 */
answer: boolean | null, 
/**
 * The answer that ends the application, and why.
 */
excludes: [boolean, Reason] | null, };

export type DeclarationsView = { 
/**
 * The questions in order.
 */
questions: Array<DeclarationRow>, 
/**
 * The consents in order.
 */
consents: Array<ConsentRow>, 
/**
 * How what was sent stands; absent before.
 */
delivery: Delivery | null, 
/**
 * True when they can be answered now.
 */
open: boolean, 
/**
 * Reasons for which the present answers would exclude the person: shown before sending.
 */
would_exclude: Array<Reason>, 
/**
 * Last time an answer was saved on this computer.
 */
saved_at: number | null, };

export type Delivery = { "state": "saved", 
/**
 * When it was saved.
 */
at: number, } | { "state": "waiting", 
/**
 * When it was saved.
 */
at: number, } | { "state": "put_off", 
/**
 * Why.
 */
why: PutOff, 
/**
 * When it is sent again.
 */
until: number, 
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

export type DrawnView = { 
/**
 * Place in the order, from 1.
 */
position: number, 
/**
 * Applications in the draw.
 */
of: number, 
/**
 * Why it was passed over.
 */
passed_over: NotDrawn | null, 
/**
 * When the results were published.
 */
published_at: number, };

export type EarlierFailure = { 
/**
 * When.
 */
at: number, 
/**
 * What differed.
 */
part: ProofPart, };

export type Eligibility = { "is": "eligible" } | { "is": "ineligible", 
/**
 * All reasons, in the order of the questions.
 */
reasons: Array<Reason>, } | { "is": "needs_server_check", 
/**
 * What the person was not sure of.
 */
about: Array<Reason>, };

export type EligibilityForm = { 
/**
 * Indonesian citizen with an e-KTP.
 */
citizen?: Answer, 
/**
 * Typed birth date, `2003-2-1`.
 */
birth_date?: string, 
/**
 * At school or university.
 */
in_formal_education?: Answer, 
/**
 * What the person does.
 */
employment?: EmploymentStatus, 
/**
 * An excluded position.
 */
position?: Position, 
/**
 * The household receives other social aid; asked only where the scheme forbids it.
 */
receives_other_aid?: Answer, 
/**
 * Got the card before.
 */
was_recipient?: Answer, 
/**
 * Two others on the family card got it.
 */
family_card_full?: Answer, };

export type EligibilityView = { 
/**
 * Version of the scheme whose rules hold.
 */
scheme: string, 
/**
 * True when the question about other social aid is asked.
 */
asks_other_aid: boolean, 
/**
 * Least age.
 */
min_age: number, 
/**
 * Greatest age, if any.
 */
max_age: number | null, 
/**
 * How many recipients a family card may have.
 */
family_max: number, 
/**
 * What the person answered.
 */
answers: EligibilityForm, 
/**
 * What it came to; absent before everything was answered.
 */
result: Eligibility | null, 
/**
 * When it was answered.
 */
checked_at: number | null, };

export type EmploymentStatus = "job_seeker" | "laid_off" | "furloughed" | "employee" | "non_wage_worker" | "micro_small_business" | "student";

export type EnrolmentState = "scheduled" | "seat_confirmed" | "in_progress" | "cancelled" | "cancelled_by_institution" | "completed";

export type ErrorCode = "validation" | "offline" | "not_our_server" | "tls_blocked" | "clock_wrong" | "busy" | "rate_limited" | "too_old" | "wrong_credentials" | "wrong_code" | "code_expired" | "code_locked" | "sign_in_needed" | "account_locked" | "unsent_items" | "not_found" | "already_enrolled" | "seat_full" | "enrolment_closed" | "needs_balance" | "not_cancellable" | "bad_address" | "vault_locked" | "wrong_passphrase" | "vault_broken" | "vault_busy" | "disk_full" | "disk_low" | "step_refused" | "nik_taken" | "profile_incomplete" | "wave_not_open" | "not_in_region" | "scheme_unfit" | "already_member" | "still_participant" | "draw_under_way" | "still_signed_in" | "closing_unknown" | "party_unavailable" | "test_over" | "photo_unusable" | "no_sealing_key" | "selection_failed" | "internal";

export type FaceSessionView = { 
/**
 * Page of the provider.
 */
url: string, 
/**
 * The same as a QR code, SVG.
 */
qr_svg: string, 
/**
 * Until when it works, by this computer's clock.
 */
expires_at: number, 
/**
 * Name of the provider.
 */
provider: string, 
/**
 * True when nothing is checked for real.
 */
sandbox: boolean, };

export type FaceView = { 
/**
 * When it changed.
 */
at: number, 
/**
 * Tries before a person of the office looks at it.
 */
tries_left: number, };

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

export type FieldErrorCode = "required" | "too_long" | "too_short" | "invalid_characters" | "not_digits" | "wrong_length" | "invalid_date" | "in_future" | "too_young" | "too_old" | "invalid_email" | "invalid_phone" | "unknown_option" | "out_of_range" | "too_many" | "file_too_large" | "file_type" | "heic_file" | "file_damaged" | "too_many_pixels" | "not_legible" | "zero_serial" | "needs_lower" | "needs_upper" | "needs_digit" | "contains_email" | "mismatch" | "not_accepted" | "frozen" | "too_easy";

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

export type IdentityView = { 
/**
 * When.
 */
at: number, 
/**
 * Fields to look at again.
 */
differs: Array<ProfileField>, 
/**
 * Tries before a wait.
 */
tries_left: number, 
/**
 * No try before this, by this computer's clock.
 */
locked_until: number | null, };

export type IdentityWarning = "unknown_province" | "unknown_region" | "birth_date_differs" | "gender_differs" | "kk_same_as_nik" | "kk_date_odd";

export type Interest = { 
/**
 * Its key in `training_interests`.
 */
key: string, 
/**
 * The words.
 */
text: Words, };

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

export type ItemKind = "verbal" | "numeric" | "figural" | "motivation";

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

export type LeftOff = "blocked" | "excluded" | "recipient";

export type MemberRules = { 
/**
 * Days from the appointment to the first purchase.
 */
first_purchase_days: number, 
/**
 * Days from the end of the first training to the next purchase; who misses it loses the rest of the balance.
 */
next_purchase_days: number, 
/**
 * Days within which aid that one had no right to is given back.
 */
refund_days: number, };

export type MembershipState = "appointed" | "onboarding" | "active" | "learning" | "completed" | "balance_forfeited" | "finished" | "suspended" | "revoked";

export type MembershipView = { 
/**
 * Where it stands.
 */
state: MembershipState, 
/**
 * The card number, masked: `**** **** **** 1234`.
 */
number_masked: string, 
/**
 * What is left for trainings, rupiah.
 */
balance_idr: number, 
/**
 * Version of the scheme.
 */
scheme: string, 
/**
 * The wave.
 */
wave: number, 
/**
 * Number of the appointment decree.
 */
decree: string, 
/**
 * When the person was appointed.
 */
appointed_at: number, 
/**
 * Last moment of the first purchase.
 */
first_purchase_until: number, 
/**
 * True while the first purchase is awaited.
 */
awaits_first_purchase: boolean, 
/**
 * Last moment to use the balance; absent for no such day.
 */
balance_use_until: number | null, 
/**
 * The rest of the balance that was withdrawn after that.
 */
withdrawn: WithdrawnView | null, 
/**
 * The rules that apply to the person.
 */
rules: MemberRules, 
/**
 * Reminders to come: days before and when.
 */
reminders: Array<ReminderView>, 
/**
 * The present time by the best clock known here, when this was read.
 */
now: number, };

export type Method = "self_paced" | "webinar" | "in_person";

export type NotDrawn = "total_full" | "class_full" | "region_full" | "family_full";

export type NoticeKind = "identity_submitted" | "identity_matched" | "identity_mismatch" | "kk_quota_full" | "already_recipient" | "photo_received" | "photo_accepted" | "photo_rejected" | "face_verified" | "face_failed" | "face_manual_review" | "phone_verified" | "declarations_received" | "ineligible" | "test_started" | "test_submitted" | "test_passed" | "test_not_passed" | "test_voided" | "identity_reopened" | "declarations_reopened" | "test_reopened" | "joined_wave" | "selection_began" | "selection_voided" | "left_off_blocked" | "left_off_excluded" | "left_off_recipient" | "accepted" | "wave_opened" | "first_purchase_due" | "not_accepted" | "balance_credited" | "balance_withdrawn" | "first_purchase_recorded" | "membership_suspended" | "membership_resumed" | "membership_revoked" | "blocked" | "unblocked" | "appeal_received" | "appeal_answered" | "other";

export type NoticeRow = { 
/**
 * Its id.
 */
id: string, 
/**
 * What happened.
 */
what: NoticeKind, 
/**
 * When.
 */
at: number, 
/**
 * Numbers for the sentence.
 */
numbers: Record<string, number>, 
/**
 * The office's own words.
 */
note: string | null, 
/**
 * True until the person has seen it.
 */
unread: boolean, };

export type PendingCode = { 
/**
 * What it does once it is right.
 */
purpose: CodePurpose, 
/**
 * The way that it went.
 */
by: CodeChannel, 
/**
 * Address of the account.
 */
email: string, 
/**
 * Until when it is valid, by this computer's clock.
 */
expires_at: number, 
/**
 * From when another may be asked for, by this computer's clock.
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

export type PhoneCodeState = { 
/**
 * The code that is awaited.
 */
code: PhoneCodeView | null, 
/**
 * No new code before this, by this computer's clock. The code that is here may be typed as long as tries are left.
 */
locked_until: number | null, 
/**
 * True when central took the code and its registration does not say so yet.
 */
confirmed: boolean, };

export type PhoneCodeView = { 
/**
 * Last four digits of the number.
 */
ends_with: string, 
/**
 * Until when it is valid, by this computer's clock.
 */
expires_at: number, 
/**
 * From when another may be asked for, by this computer's clock.
 */
resend_at: number, 
/**
 * How many more may be asked for.
 */
resends_left: number, 
/**
 * Tries of this code.
 */
tries_left: number, 
/**
 * Address of the sandbox mailbox page when central runs with demo data.
 */
sandbox_mailbox: string | null, };

export type PhoneView = { 
/**
 * Last four digits.
 */
ends_with: string, 
/**
 * When it was verified.
 */
verified_at: number | null, };

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
saved_at: number, 
/**
 * It was sent and did not arrive: it may be sent again as it is.
 */
in_vain: boolean, };

export type PhotoView = { 
/**
 * What was chosen and not sent, or was sent in vain.
 */
draft: PhotoDraft | null, 
/**
 * What was sent last, from this computer or a phone.
 */
sent: SentPhoto | null, };

export type Position = "none" | "state_official" | "parliament_member" | "civil_servant" | "military" | "police" | "village_head" | "village_official" | "state_enterprise_board";

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

export type PriorityClass = "whitelisted_laid_off" | "general";

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
 * What central refused of the values, and why; gone once something else is typed there.
 */
refused: Array<FieldError>, 
/**
 * Fields that may not change any more, with what the civil registry was asked about.
 */
frozen: Partial<Record<ProfileField, string>>, 
/**
 * A conflict that the person must decide.
 */
conflict: ProfileConflict | null, 
/**
 * The number that was verified, or that an application under way was made with: another one needs a code again.
 */
phone_in_use: string | null, };

export type ProofPart = "commitment_form" | "commitment_digest" | "other_commitment" | "rules" | "rules_digest" | "beacon_rule" | "list" | "list_digest" | "too_large" | "not_listed" | "own_entry" | "own_place" | "seed" | "beacon" | "known_beacon" | "result_form" | "result_of_other" | "result_digest" | "counts" | "accepted_digest" | "accepted" | "other";

export type Protection = "keyring" | "passphrase";

export type PutOff = "too_many_tries" | "party_unavailable";

export type QuarterTurn = "none" | "right" | "half" | "left";

export type Reason = "not_citizen" | "too_young" | "too_old" | "in_formal_education" | "not_target_group" | "state_official" | "parliament_member" | "civil_servant" | "military" | "police" | "village_head" | "village_official" | "state_enterprise_board" | "receives_other_aid" | "was_recipient" | "family_card_full";

export type RegionHit = { 
/**
 * Kemendagri code, 2 to 10 digits.
 */
code: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Names of what it lies in, nearest first.
 */
within: Array<string>, };

export type RegionLevel = "province" | "regency" | "district" | "village";

export type RegistrationState = "not_started" | "nik_submitted" | "nik_mismatch" | "kk_quota_full" | "nik_already_recipient" | "nik_matched" | "profile_completed" | "ktp_photo_submitted" | "ktp_photo_rejected" | "ktp_photo_accepted" | "face_pending" | "face_failed" | "manual_review" | "face_verified" | "phone_otp_sent" | "phone_verified" | "ineligible" | "test_available" | "test_in_progress" | "test_submitted" | "test_evaluated";

export type RegistrationView = { 
/**
 * Number to read out to the office; absent before central knows the person.
 */
case_number: string | null, 
/**
 * Version of the scheme whose rules hold.
 */
scheme: string, 
/**
 * How many recipients a family card may have under these rules.
 */
family_max: number, 
/**
 * Time for the test under these rules, seconds.
 */
test_duration_s: number, 
/**
 * The first open step, by what central said last.
 */
state: RegistrationState, 
/**
 * Since when.
 */
since: number | null, 
/**
 * Each step with what may be done.
 */
steps: Array<StepView>, 
/**
 * What the civil registry said.
 */
identity: IdentityView | null, 
/**
 * The face check.
 */
face: FaceView | null, 
/**
 * The verified phone.
 */
phone: PhoneView | null, 
/**
 * Why the declarations exclude the person; empty when they do not.
 */
excluded: Array<Reason>, 
/**
 * Set while the account is blocked.
 */
blocked: BlockedView | null, 
/**
 * The newest appeal against the block; without a block the newest that was answered.
 */
appeal: AppealView | null, 
/**
 * When central was last heard.
 */
heard_at: number | null, };

export type ReminderView = { 
/**
 * Days before the deadline.
 */
days: number, 
/**
 * When.
 */
at: number, };

export type ResetForm = { 
/**
 * Typed address.
 */
email: string, 
/**
 * Typed new password.
 */
password: string, 
/**
 * Typed again.
 */
password_confirmation: string, 
/**
 * The way of the code.
 */
by: CodeChannel, };

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
 * Enrolment closes, by central's clock.
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

export type Sealed = { 
/**
 * Which public value is mixed in, in the commitment's own words.
 */
beacon: string, 
/**
 * When the value becomes known.
 */
beacon_due_at: number, 
/**
 * When this computer kept the commitment.
 */
kept_at: number, 
/**
 * True when it was kept before the value could be known. If not, everything that was recomputed only shows that the
 * files fit each other.
 */
kept_in_time: boolean, 
/**
 * True when it was kept in time, and less than an hour before: hardly anybody could have taken it out of the office's
 * hands by then.
 */
kept_short: boolean, };

export type SeatBand = "plenty" | "few" | "full";

export type SelectionProof = { "is": "listed", 
/**
 * When it was looked at.
 */
at: number, 
/**
 * Applications on the list.
 */
entries: number, 
/**
 * True when the person is not on it, as central said (blocked, a participant already): no fault of the list.
 */
off_list: boolean, 
/**
 * What the person's entry says of the family card; absent without an entry.
 */
card: CardOnList | null, 
/**
 * What was fixed before the draw.
 */
sealed: Sealed, } | { "is": "verified", 
/**
 * When.
 */
at: number, 
/**
 * Applications in the draw.
 */
entries: number, 
/**
 * Accepted ones.
 */
accepted: number, 
/**
 * The person's own place in the order, if he or she took part.
 */
position: number | null, 
/**
 * Whether the person was accepted.
 */
mine: boolean | null, 
/**
 * True when the person was not on the list, as central said. Everything else was recomputed all the same.
 */
off_list: boolean, 
/**
 * The public value that the result names, to compare with its own source.
 */
beacon: string, 
/**
 * What was fixed before the draw.
 */
sealed: Sealed, } | { "is": "failed", 
/**
 * When.
 */
at: number, 
/**
 * Which part differs.
 */
part: ProofPart, } | { "is": "newer", 
/**
 * When it was looked at.
 */
at: number, };

export type SelectionRow = { 
/**
 * Digest of the commitment, hex.
 */
commitment: string, 
/**
 * Applications in the draw.
 */
entries: number, 
/**
 * Bytes that a full verification downloads.
 */
download_bytes: number, 
/**
 * When the commitment was published.
 */
committed_at: number, 
/**
 * When the result was published.
 */
published_at: number | null, 
/**
 * The last verification on this computer.
 */
verified: SelectionProof | null, 
/**
 * The first verification here that failed, when a later one said otherwise. It is never forgotten: a reason that comes
 * after a finding does not undo it.
 */
failed_before: EarlierFailure | null, };

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

export type SentPhotoState = "waiting" | "held" | "awaited_elsewhere" | "uploading" | "received" | "accepted" | "rejected" | "attach_again";

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
text_percent: number, 
/**
 * When photos are sent: `automatic` (not where the system says that bytes cost money), `always`, `hold` (when the
 * person says so).
 */
photo_sending: "automatic" | "always" | "hold", };

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
 * New rule for photos.
 */
photo_sending?: string, 
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

export type Step = "submit_identity" | "attach_photo" | "start_face_check" | "send_phone_code" | "confirm_phone_code" | "declare" | "start_test" | "answer_test" | "submit_test" | "join_wave";

export type StepRefusal = "blocked" | "ended" | "too_early" | "done" | "under_way" | "not_passed";

export type StepView = { 
/**
 * Which.
 */
step: Step, 
/**
 * Why it cannot be done now; absent when it can.
 */
refused: StepRefusal | null, 
/**
 * How what the person did about it stands; absent when nothing waits.
 */
delivery: Delivery | null, 
/**
 * What the person is asked to consent to before it, unticked; empty where the scheme asks nothing.
 */
consents: Array<ConsentRow>, };

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

export type TestItemView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What it is about.
 */
kind: ItemKind, 
/**
 * The question.
 */
text: Words, 
/**
 * A text to read before the question.
 */
passage: Words | null, 
/**
 * A table to read before the question.
 */
table: TestTable | null, 
/**
 * A figure as SVG.
 */
svg: string | null, 
/**
 * The figure in words.
 */
figure: Words | null, 
/**
 * The choices.
 */
options: Array<TestOptionView>, 
/**
 * Key of the choice that the person made.
 */
answer: string | null, };

export type TestOptionView = { 
/**
 * Its key.
 */
key: string, 
/**
 * Words; for a figure its description.
 */
text: Words, 
/**
 * A figure as SVG.
 */
svg: string | null, };

export type TestPaperView = { 
/**
 * The attempt.
 */
attempt: string, 
/**
 * When it ends, by this computer's clock put right by central's.
 */
ends_at: number, 
/**
 * The present time by the same clock, when this was read.
 */
now: number, 
/**
 * True when that is central's time. Otherwise it rests on this computer's clock alone, which somebody may have set:
 * nothing ends by it, and only central knows whether the test is over.
 */
certain: boolean, 
/**
 * The items.
 */
items: Array<TestItemView>, 
/**
 * Answers that central has not received.
 */
unsent: number, };

export type TestStage = { "is": "not_yet" } | { "is": "available" } | { "is": "running" } | { "is": "submitted", 
/**
 * When it was handed in, by the best clock known here.
 */
at: number | null, 
/**
 * The result is there by then; nobody knows while something waits here.
 */
result_by: number | null, 
/**
 * Answers that central has not received.
 */
unsent: number, } | { "is": "passed", 
/**
 * When central evaluated it.
 */
at: number | null, } | { "is": "not_passed", 
/**
 * When central evaluated it.
 */
at: number | null, 
/**
 * True when the person may join a wave all the same.
 */
may_join: boolean, };

export type TestTable = { 
/**
 * Indonesian.
 */
id: TestTableWords, 
/**
 * English.
 */
en: TestTableWords, };

export type TestTableWords = { 
/**
 * Headings of the columns.
 */
head: Array<string>, 
/**
 * The rows.
 */
rows: Array<Array<string>>, };

export type TestView = { 
/**
 * What of it there is.
 */
stage: TestStage, 
/**
 * Items of a paper.
 */
items_total: number, 
/**
 * Time for all of them, seconds.
 */
duration_s: number, 
/**
 * The result comes so long after central received the handing-in at the latest, seconds.
 */
evaluate_within_s: number, 
/**
 * Answers wait here and count when they arrive by then, Unix milliseconds by central's clock; absent when none waits.
 */
arrive_by: number | null, 
/**
 * Questions whose newest answer central refused for good: it does not count.
 */
refused: number, 
/**
 * The running test, if it runs.
 */
paper: TestPaperView | null, 
/**
 * The present time by the best clock known here, when this was read.
 */
now: number, };

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
as_of: number | null, 
/**
 * The present time by the best clock known here, when this was read.
 */
now: number, };

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

export type Unfit = { 
/**
 * Reasons by which the wave's scheme excludes the person.
 */
reasons: Array<Reason>, 
/**
 * True when the test was taken by other rules and does not reach the wave's marks.
 */
test: boolean, };

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

export type VoidedDraw = { 
/**
 * Digest of its commitment, hex.
 */
commitment: string, 
/**
 * When the commitment was published.
 */
committed_at: number, 
/**
 * When it was voided, as central says.
 */
voided_at: number, 
/**
 * Why, in the office's words.
 */
reason: string, 
/**
 * True when the public value could be known by then: the office may have seen the result.
 */
value_known: boolean, 
/**
 * Since when this computer had kept the commitment; absent when it had not.
 */
kept_at: number | null, 
/**
 * When this computer heard that it was voided.
 */
heard_at: number, };

export type WaveRow = { 
/**
 * Its number.
 */
number: number, 
/**
 * Where it stands, by the best clock known here.
 */
state: WaveState, 
/**
 * Opens.
 */
opens_at: number, 
/**
 * Closes.
 */
closes_at: number, 
/**
 * A request made in time counts when it arrives until then; absent when only arrival counts.
 */
late_until: number | null, 
/**
 * The results are expected by then.
 */
results_expected_at: number | null, 
/**
 * Places in all.
 */
quota: number, 
/**
 * Name of the province that counts for the person by the wave's scheme; absent while it is not known.
 */
my_province: string | null, 
/**
 * Places of the person's province, where it has a quota of its own.
 */
my_region_quota: number | null, 
/**
 * Names of the provinces that may join; empty for all.
 */
provinces: Array<string>, 
/**
 * True when the person's province may join; absent while the province is not known.
 */
for_me: boolean | null, 
/**
 * Version of its scheme.
 */
scheme: string, 
/**
 * What a participant gets in all, rupiah.
 */
total_idr: number, 
/**
 * Balance for trainings, rupiah.
 */
training_aid_idr: number, 
/**
 * Days to the first purchase.
 */
first_purchase_days: number, 
/**
 * The agreement to join.
 */
consents: Array<ConsentRow>, 
/**
 * What this wave's scheme asks and the registration did not: answered with joining.
 */
questions: Array<DeclarationRow>, 
/**
 * Why the registration does not admit to this wave now.
 */
refused: StepRefusal | null, 
/**
 * What of the registration does not fit this wave's scheme.
 */
unfit: Unfit | null, 
/**
 * The person's application to this wave.
 */
application: ApplicationView | null, 
/**
 * The draw, once its commitment is public.
 */
selection: SelectionRow | null, 
/**
 * Draws of it that were voided, oldest first. Another one follows each.
 */
voided: Array<VoidedDraw>, 
/**
 * True when the person may join now.
 */
joinable: boolean, };

export type WaveState = "announced" | "open" | "closed" | "selecting" | "results_published";

export type WavesView = { 
/**
 * Waves that are not history: open, announced, or with an application of this person; newest first.
 */
waves: Array<WaveRow>, 
/**
 * True when none is open: a normal state with a screen of its own.
 */
none_open: boolean, 
/**
 * The next wave that opens.
 */
next_opens_at: number | null, 
/**
 * The application that says most: the one that was accepted, else one that is not settled, else the latest. Each wave
 * has its own in its row.
 */
application: ApplicationView | null, 
/**
 * Why the registration admits to no wave now, whatever its scheme; absent when it does.
 */
refused: StepRefusal | null, 
/**
 * True when the person is a participant already, or was one.
 */
member: boolean, 
/**
 * True when this computer can prove at which time of central's a button is pressed now: since it was started, the app
 * has heard central's time, and no clock jumped.
 */
provable: boolean, 
/**
 * When the waves were last brought up to date.
 */
as_of: number | null, 
/**
 * The present time by the best clock known here, when this was read.
 */
now: number, };

export type WithdrawnView = { 
/**
 * When.
 */
at: number, 
/**
 * How much, rupiah.
 */
amount_idr: number, };

export type Words = { 
/**
 * Indonesian.
 */
id: string, 
/**
 * English.
 */
en: string, };

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
  reset_password: { args: { form: ResetForm }; result: PendingCode };
  get_pending_code: { args: {  }; result: PendingCode | null };
  confirm_code: { args: { code: string }; result: AppState };
  resend_code: { args: {  }; result: PendingCode };
  abandon_sign_up: { args: {  }; result: AppState };
  sign_in: { args: { email: string; password: string }; result: AppState };
  sign_out: { args: { leaveUnsent: boolean }; result: AppState };
  list_sessions: { args: {  }; result: SessionRow[] };
  revoke_session: { args: { session: string }; result: SessionRow[] };
  close_account: { args: { password: string }; result: AppState };
  forget_account: { args: { email: string }; result: AppState };
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
  get_eligibility: { args: {  }; result: EligibilityView };
  check_eligibility: { args: { answers: EligibilityForm }; result: EligibilityView };
  search_regions: { args: { level: RegionLevel; within: string | null; text: string }; result: RegionHit[] };
  get_region: { args: { code: string }; result: RegionHit[] };
  get_registration: { args: {  }; result: RegistrationView };
  submit_identity: { args: { consents: string[] }; result: RegistrationView };
  get_phone_code: { args: {  }; result: PhoneCodeState };
  send_phone_code: { args: {  }; result: PhoneCodeState };
  confirm_phone_code: { args: { code: string }; result: RegistrationView };
  start_face_check: { args: { consents: string[] }; result: FaceSessionView };
  open_link: { args: { url: string }; result: null };
  get_declarations: { args: {  }; result: DeclarationsView };
  save_declaration: { args: { id: string; answer: boolean }; result: DeclarationsView };
  save_consent: { args: { id: string; given: boolean }; result: DeclarationsView };
  submit_declarations: { args: {  }; result: DeclarationsView };
  get_test: { args: {  }; result: TestView };
  start_test: { args: {  }; result: TestView };
  answer_test: { args: { item: string; choice: string }; result: Saved };
  submit_test: { args: {  }; result: TestView };
  submit_appeal: { args: { text: string }; result: RegistrationView };
  list_notices: { args: {  }; result: NoticeRow[] };
  read_notices: { args: {  }; result: null };
  get_waves: { args: {  }; result: WavesView };
  join_wave: { args: { wave: number; consents: string[]; answers: { [question: string]: boolean } }; result: WavesView };
  verify_selection: { args: { wave: number }; result: WavesView };
  get_membership: { args: {  }; result: MembershipView | null };
  reveal_card_number: { args: {  }; result: string };
  copy_card_number: { args: {  }; result: null };
  save_deadline_calendar: { args: {  }; result: string };
  get_photo: { args: {  }; result: PhotoView };
  examine_photo: { args: { photo: Uint8Array }; result: PhotoView };
  turn_photo: { args: { turn: QuarterTurn }; result: PhotoView };
  discard_photo: { args: {  }; result: PhotoView };
  send_photo: { args: {  }; result: PhotoView };
  send_photo_now: { args: {  }; result: PhotoView };
  start_handover: { args: {  }; result: HandoverView };
}

export const EVENT = 'app';
