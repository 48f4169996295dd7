-- Times are Unix milliseconds, ids 16 bytes. The statements in the code are portable ($1, upsert, returning). This file is
-- SQLite's: PostgreSQL gets its own with bytea for blob, since sqlx picks column types by engine.

-- One row that outlives everything but a restore.
create table programme (
    one integer primary key check (one = 1),
    epoch blob not null,
    epoch_began_at bigint not null
);

-- Whose data this is, set when it was made: 1 for `serve --demo`, where nothing is real.
create table made_for (
    one integer primary key check (one = 1),
    demo bigint not null
);

create table person (
    id blob primary key,
    email text not null unique,
    -- Newest sequence of the person's feed, taken under this row.
    feed_seq bigint not null default 0,
    language text not null default 'id',
    -- OPAQUE password file and the parameters with which the applicant's computer stretched the password. Empty, so that nothing
    -- opens the account, from when the office entered another address until another password is set.
    password_file blob not null,
    stretch_memory_kib bigint not null,
    stretch_passes bigint not null,
    stretch_lanes bigint not null,
    created_at bigint not null,
    locked_at bigint
);

-- Every set of stretching parameters that was ever offered, so that an address without account can pretend to have one
-- from back then.
create table stretch_offered (
    memory_kib bigint not null,
    passes bigint not null,
    lanes bigint not null,
    primary key (memory_kib, passes, lanes)
);

create table consent (
    person_id blob not null references person (id) on delete cascade,
    consent text not null,
    version text not null,
    -- By the device's clock, as evidence.
    accepted_at bigint not null,
    received_at bigint not null,
    primary key (person_id, consent, version)
);

create table session (
    id blob primary key,
    person_id blob not null references person (id) on delete cascade,
    device_id blob not null,
    device_name text not null,
    -- Grows with every refresh; tokens are derived from it.
    generation bigint not null default 0,
    access_hash blob not null unique,
    access_expires_at bigint not null,
    -- When this generation began.
    refreshed_at bigint not null,
    created_at bigint not null,
    -- 1 since the access token of this generation was used: the answer with the newest tokens has arrived.
    answer_arrived bigint not null default 0,
    ended_at bigint,
    -- 'signed_out', 'reuse', 'password_reset', 'address_changed'; a session that nobody used for long ends without a mark.
    ended_because text
);
create index session_by_person on session (person_id, created_at);

-- A sign-up, or another password for an account, from its second step until its code was right, and a week longer to answer
-- repeats the same.
create table sign_up (
    id blob primary key,
    -- What the right code does: account, password.
    purpose text not null,
    -- The way of the code: mail, sms.
    channel text not null,
    idempotency_key blob not null unique,
    fingerprint blob not null,
    email text not null,
    language text not null,
    password_file blob not null,
    stretch_memory_kib bigint not null,
    stretch_passes bigint not null,
    stretch_lanes bigint not null,
    consents text not null,
    created_at bigint not null,
    -- 1 when the address had an account already, or for another password none: then no code works, and the mail says so. Also
    -- when the code was made void meanwhile.
    in_vain bigint not null,
    code_mac blob not null,
    code_sent_at bigint not null,
    code_expires_at bigint not null,
    wrong_codes bigint not null default 0,
    -- The newest wrong code: the same again is a repeated request, not another guess.
    wrong_mac blob,
    -- Set when the code was right.
    session_id blob references session (id) on delete set null,
    confirmed_at bigint,
    confirm_key blob
);
create index sign_up_by_age on sign_up (created_at);
create index sign_up_by_session on sign_up (session_id);
create index sign_up_by_email on sign_up (email);

-- Codes sent per address, whatever the sign-up: the lock must not be avoidable by beginning again. Keyed by a MAC, since
-- strangers type other people's: of the address with the network that asked, and of the address alone.
create table code_allowance (
    key_mac blob primary key,
    sent bigint not null,
    first_sent_at bigint not null,
    locked_until bigint
);

-- First steps of sign-in and sign-up in a window, without those whose password was right; with and without account alike.
-- Keyed by a MAC of the address with the network that asked, and by one of the address alone.
create table password_guard (
    key_mac blob primary key,
    tries bigint not null,
    began_at bigint not null,
    locked_until bigint
);

create table sign_in_attempt (
    id blob primary key,
    email text not null,
    -- Absent for an address without account.
    person_id blob references person (id) on delete cascade,
    server_state blob not null,
    -- The try in password_guard that this attempt took.
    guard_mac blob not null,
    expires_at bigint not null,
    -- Set by the first use; a repeat with the same key gets the same answer.
    used_key blob,
    session_id blob references session (id) on delete set null
);
create index sign_in_attempt_by_age on sign_in_attempt (expires_at);
create index sign_in_attempt_by_session on sign_in_attempt (session_id);
create index sign_in_attempt_by_person on sign_in_attempt (person_id);

-- Mails that wait to be sent: a person never waits for SMTP. Sealed, since a mail holds an address and a code.
create table mail_outbox (
    id blob primary key,
    sealed blob not null,
    attempts bigint not null default 0,
    next_at bigint not null,
    -- Not worth sending after this: the code in it is over.
    expires_at bigint not null
);
create index mail_outbox_by_time on mail_outbox (next_at);

-- The mailbox of `serve --demo`. Nothing real ever gets here.
create table sandbox_mail (
    id blob primary key,
    recipient text not null,
    subject text not null,
    body text not null,
    code text,
    created_at bigint not null
);
