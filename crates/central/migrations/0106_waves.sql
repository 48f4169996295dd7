-- Applications to waves, their selection, memberships, and the operator's side with its audit log.

-- Key of a wave's blinds, sealed. Made with the first application; `wave-secret destroy` takes it out when objections are
-- over, and the row stays, so that no other one is made.
create table wave_secret (
    wave bigint not null primary key references wave (number),
    secret blob,
    destroyed_at bigint,
    check ((secret is null) = (destroyed_at is not null))
);

create table application (
    person_id blob not null references person (id) on delete cascade,
    id blob not null,
    wave bigint not null references wave (number),
    rev bigint not null,
    -- Pseudonym on the wave's public list, 16 bytes.
    blind blob not null,
    class text not null,
    -- Province whose quota it counts against.
    region text not null,
    -- in_time, by_evidence
    counted text not null,
    received_at bigint not null,
    -- Blind indexes of identity number and family card, as they were matched.
    nik_index blob not null,
    kk_index blob not null,
    -- What the device knew of time, sealed; kept for audit where the application counts by it.
    evidence blob,
    -- joined, accepted, not_accepted
    state text not null default 'joined',
    -- Why it is not on the list: blocked, excluded, recipient. Set with the commitment.
    left_off text,
    primary key (person_id, id)
);
create unique index application_once on application (wave, person_id);
-- The order of the public list. Two applications under one blind would be fraud.
create unique index application_by_blind on application (wave, blind);
-- Whom a whitelist that arrives concerns.
create index application_by_nik on application (nik_index);

-- NIKs of those laid off, as blind indexes, once for each list that has them: whoever is taken off one stays on the others.
create table whitelist (
    nik_index blob not null,
    class text not null,
    source text not null,
    imported_at bigint not null,
    primary key (nik_index, source)
);
create index whitelist_by_source on whitelist (source, nik_index);

-- The draw of a wave, from its beginning. Nobody joins the wave once this row is there.
create table selection (
    wave bigint not null primary key references wave (number),
    -- Sealed until it is revealed.
    seed blob not null,
    beacon text not null,
    beacon_due_at bigint not null,
    committed_at bigint not null,
    -- The scheme with the wave's own values (JSON), as it was when the selection began: a scheme file that changes later
    -- changes neither the list nor an appointment.
    scheme text not null,
    -- Digest of the commitment, hex; null until the files are there.
    digest text,
    -- Everybody up to this blind was told that the selection began.
    told_to blob,
    told_at bigint,
    -- What was published; null before.
    beacon_value text,
    decree text,
    published_at bigint,
    -- Everybody up to this blind has the result.
    settled_to blob,
    settled_at bigint
);

-- Draws that were voided before their result. Their files stay public.
create table voided_selection (
    wave bigint not null references wave (number),
    -- Digest of the commitment, hex.
    digest text not null,
    voided_at bigint not null,
    reason text not null,
    -- Everybody up to this blind was told.
    told_to blob,
    told_at bigint,
    primary key (wave, digest)
);

create table membership (
    person_id blob not null references person (id) on delete cascade,
    id blob not null,
    wave bigint not null references wave (number),
    rev bigint not null,
    state text not null,
    -- Blind index of the 16 digits.
    number_index blob not null unique,
    first_purchase_until bigint not null,
    -- Until when the balance may be used; null for no such day, and once nothing is left.
    balance_until bigint,
    -- When the clock revoked it, and the balance that it took; null when it stands, or the office took it back.
    lapsed_at bigint,
    lapsed_idr bigint,
    -- Sealed.
    content blob not null,
    primary key (person_id, id)
);
create unique index membership_once on membership (wave, person_id);
create index membership_due on membership (state, first_purchase_until);
create index membership_balance_due on membership (balance_until) where balance_until is not null;

-- The ledger of the balances: every movement once, its sum is the balance. Rows are added and never changed.
create table balance_entry (
    person_id blob not null,
    membership blob not null,
    -- credited, lapsed (by the clock), restored (that one undone), revoked (by the office), unused
    kind text not null,
    -- Whole rupiah; less than nothing for what went back to the state.
    amount_idr bigint not null,
    at bigint not null,
    primary key (membership, kind),
    foreign key (person_id, membership) references membership (person_id, id) on delete cascade
);
create trigger balance_entry_is_append_only before update on balance_entry begin select raise(abort, 'the ledger is append-only'); end;

-- People of the office who use the admin API. Only the digest of a token is kept.
create table operator (
    name text not null primary key,
    role text not null,
    token_hash blob not null unique,
    created_at bigint not null,
    revoked_at bigint
);

-- Who did what, on which case or wave, when, with which outcome. Each row's MAC covers the one before.
create table audit (
    seq bigint not null primary key,
    at bigint not null,
    who text not null,
    what text not null,
    subject text not null,
    outcome text not null,
    mac blob not null
);
create trigger audit_is_append_only_update before update on audit begin select raise(abort, 'audit is append-only'); end;
create trigger audit_is_append_only_delete before delete on audit begin select raise(abort, 'audit is append-only'); end;

-- Digest of the schemes of the last start: when they differ, clients must hear.
create table scheme_digest (
    one bigint not null primary key check (one = 1),
    digest blob not null
);
