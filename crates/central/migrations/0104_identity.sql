-- From the civil registry to the appeal: what central asks outside parties, and what it keeps of the answers. Private
-- tables lead with person_id; everything personal is sealed. An index of a number is an HMAC of it with a key derived from
-- secrets.json: equality can be searched, the number not guessed.

-- Calls to outside parties that wait, or are under way: leased, retried, deleted when they are done.
create table errand (
    person_id blob not null references person (id) on delete cascade,
    id blob not null primary key,
    kind text not null,
    -- Sealed.
    content blob not null,
    made_at bigint not null,
    next_at bigint not null,
    -- Failures in a row, and the code of the newest one.
    failures bigint not null default 0,
    last_failure text
);
create index errand_by_time on errand (next_at);
create index errand_by_person on errand (person_id);

-- Messages to phones wait in the same table as mails.
alter table mail_outbox rename to message_outbox;
drop index mail_outbox_by_time;
create index message_outbox_by_time on message_outbox (next_at);
-- What is over first leaves first: a code of ten minutes does not wait behind the results of a wave.
create index message_outbox_by_end on message_outbox (expires_at, id, next_at);
alter table sandbox_mail rename to sandbox_message;
alter table sandbox_message add column channel text not null default 'mail';

-- Whose identity number it is: taken when the registry is asked, given back when it says no.
create table identity_claim (
    person_id blob not null primary key references person (id) on delete cascade,
    nik_index blob not null unique,
    kk_index blob not null,
    -- The errand that asks; the answer to an older one is not heard.
    asked_by blob not null,
    -- pending, matched
    state text not null,
    -- Recipients on the family card from before this central, as the registry counts them.
    family_recipients bigint not null default 0
);
create index identity_claim_by_family on identity_claim (kk_index);

-- Who was appointed. Once per lifetime, so a row outlives its account.
create table recipient (
    nik_index blob not null primary key,
    kk_index blob not null,
    person_id blob not null,
    wave bigint not null,
    appointed_at bigint not null
);
create index recipient_by_family on recipient (kk_index);

-- What was final in the registration of a closed account, until the same identity number is matched again: one attempt at the
-- test and an exclusion hold for a person, whatever becomes of the account. JSON without anything that names anybody.
create table closed_case (
    nik_index blob not null primary key,
    content text not null,
    closed_at bigint not null
);

-- Tries of something in a window: per person, per identity number, per phone. Keyed by a MAC of what is counted.
create table tries (
    key_mac blob not null primary key,
    tries bigint not null,
    -- The count is forgotten then.
    ends_at bigint not null,
    locked_until bigint
);
create index tries_by_end on tries (ends_at);

create table phone_code (
    person_id blob not null primary key references person (id) on delete cascade,
    -- Idempotency-Key of the request that sent it.
    sent_by blob not null,
    code_mac blob not null,
    sent_at bigint not null,
    expires_at bigint not null,
    resends_left bigint not null,
    wrong_codes bigint not null default 0,
    -- The newest wrong code: the same again is a repeated request, not another guess.
    wrong_mac blob,
    confirmed_by blob
);

-- The newest face check of a person: where it is to be asked for. Nothing of a face ever gets here.
create table face_check (
    person_id blob not null primary key references person (id) on delete cascade,
    attempt blob not null,
    -- Idempotency-Key of the request that began it.
    begun_by blob not null,
    expires_at bigint not null,
    -- Failed ones so far.
    failed bigint not null,
    -- The provider's session and page. Sealed.
    content blob not null
);

-- Face checks of `serve --demo`.
create table sandbox_face (
    token text not null primary key,
    attempt blob not null unique,
    -- pass, fail; null while nobody pressed a button.
    outcome text,
    created_at bigint not null
);

-- Declarations and consents as they were given; never changed, kept as long as the account.
create table declaration (
    person_id blob not null references person (id) on delete cascade,
    id blob not null,
    scheme text not null,
    received_at bigint not null,
    -- Set when the office let the person answer anew.
    taken_back_at bigint,
    -- Sealed.
    content blob not null,
    primary key (person_id, id)
);

create table appeal (
    person_id blob not null references person (id) on delete cascade,
    id blob not null,
    open bigint not null check (open in (0, 1)),
    received_at bigint not null,
    rev bigint not null,
    -- Sealed.
    content blob not null,
    primary key (person_id, id)
);
create unique index appeal_by_id on appeal (id);
create unique index appeal_open on appeal (person_id) where open = 1;
