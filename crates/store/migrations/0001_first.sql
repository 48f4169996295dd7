-- Times are Unix milliseconds, ids are 16 bytes, JSON is text. Tables of a person lead with `account`; sixteen zero
-- bytes stand for "nobody yet" (what was typed before there was an account).

-- This computer. One row.
create table device (
    only        integer primary key check (only = 1),
    id          blob    not null check (length(id) = 16),
    created_at  integer not null,
    -- the account that the window shows, if any
    current     blob    check (length(current) = 16),
    -- the central in use; sessions with another one rest
    origin      text
);

-- Accounts that were used on this computer. Tokens are there while the session is open.
create table account (
    id                blob    primary key check (length(id) = 16),
    email             text    not null,
    origin            text    not null,
    session           blob,
    access_token      text,
    access_expires_at integer,
    refresh_token     text,
    epoch             blob,
    receipt_key       text,
    signed_in         integer not null check (signed_in in (0, 1)),
    signed_in_at      integer not null,
    check (signed_in = 0 or refresh_token is not null)
) without rowid;

-- Small facts by name; `account` is "nobody" for facts of the computer.
create table fact (
    account blob not null check (length(account) = 16),
    name    text not null,
    value   text not null,
    primary key (account, name)
) without rowid;

-- The sign-up, or the request for another password, that waits for its code. One row at most.
create table sign_up (
    only         integer primary key check (only = 1),
    id           blob    not null check (length(id) = 16),
    purpose      text    not null check (purpose in ('account', 'password_by_mail', 'password_by_sms')),
    email        text    not null,
    body         text    not null,
    sent         integer not null check (sent in (0, 1)),
    expires_at   integer,
    resend_at    integer,
    resends_left integer,
    -- Central that it was begun with; another one hears nothing of it.
    origin       text    not null,
    created_at   integer not null
);

-- What was typed and not confirmed.
create table draft (
    account  blob    not null check (length(account) = 16),
    form     text    not null,
    field    text    not null,
    value    text    not null,
    saved_at integer not null,
    primary key (account, form, field)
) without rowid;

-- The photo that was chosen and that central does not have yet. In clear it is here and nowhere else: the database is
-- encrypted.
create table photo_draft (
    account  blob    primary key check (length(account) = 16),
    jpeg     blob    not null check (length(jpeg) <= 2000000),
    preview  blob    not null,
    -- what was found and how it is turned, as JSON
    judged   text    not null,
    saved_at integer not null,
    -- the document as which it was sent
    document blob    check (length(document) = 16),
    -- 1: the person wants it sent although bytes cost money here, also when it is sealed again
    released integer not null default 0 check (released in (0, 1))
) without rowid;

-- Sealed documents on their way, in files of the folder `uploads`. Each is announced by a command of the outbox.
create table upload (
    id         blob    primary key check (length(id) = 16),
    account    blob    not null check (length(account) = 16),
    document   blob    not null check (length(document) = 16),
    kind       text    not null,
    command    blob    not null check (length(command) = 16),
    file       text    not null unique,
    sha256     text    not null,
    bytes      integer not null check (bytes > 0),
    sent       integer not null default 0 check (sent between 0 and bytes),
    state      text    not null check (state in ('open', 'complete', 'parked')),
    -- epoch in which central had every byte
    epoch      blob,
    problem    text,
    -- 1: the person wants it sent although bytes cost money here
    released   integer not null default 0 check (released in (0, 1)),
    created_at integer not null
) without rowid;

-- What central said, nothing else. A row without data is a tombstone: its revision makes late copies harmless.
create table record (
    account blob    not null check (length(account) = 16),
    kind    text    not null,
    id      blob    not null check (length(id) = 16),
    rev     integer not null,
    seq     integer not null,
    data    text,
    primary key (account, kind, id)
) without rowid;

-- Pages of a snapshot that is being fetched, until they replace `record` in one transaction.
create table record_shadow (
    account blob    not null check (length(account) = 16),
    kind    text    not null,
    id      blob    not null check (length(id) = 16),
    rev     integer not null,
    seq     integer not null,
    data    text,
    primary key (account, kind, id)
) without rowid;

create table snapshot (
    account   blob    primary key check (length(account) = 16),
    epoch     blob    not null check (length(epoch) = 16),
    as_of_seq integer not null,
    next      text    not null
) without rowid;

-- Up to where the feed was read. Changes only together with the rows.
create table feed (
    account  blob    primary key check (length(account) = 16),
    epoch    blob    not null check (length(epoch) = 16),
    cursor   text    not null,
    seen_seq integer not null,
    as_of    integer not null
) without rowid;

-- What the person did and central must hear. `target` is the command that a `command.void` takes back.
create table outbox (
    id              blob    primary key check (length(id) = 16),
    account         blob    not null check (length(account) = 16),
    lane            text    not null,
    position        integer not null,
    kind            text    not null,
    v               integer not null,
    base_rev        integer,
    payload         text    not null,
    clock           text    not null,
    label           text,
    target          blob,
    state           text    not null check (state in ('queued', 'sending', 'blocked', 'held', 'parked', 'done')),
    attempts        integer not null default 0,
    failures        integer not null default 0,
    next_at         integer not null default 0,
    last_class      text,
    last_problem    text,
    first_sent_at   integer,
    -- central's word that it had no room for it at some time; the earliest
    turned_away     text,
    created_at      integer not null,
    -- true once the feed showed its effect
    seen            integer not null default 0 check (seen in (0, 1)),
    -- how it ended
    status          text,
    result          text,
    rev             integer,
    done_at         integer,
    acknowledged_at integer,
    check ((state = 'done') = (done_at is not null)),
    check ((state = 'done') = (status is not null)),
    unique (account, position)
) without rowid;

create index outbox_open on outbox (account, lane, position) where state <> 'done';
create index outbox_done on outbox (account, done_at) where state = 'done';

-- Bytes that were on the wire once never change: central compares them when the command comes again.
create trigger outbox_frozen
before update of lane, kind, v, base_rev, payload, clock on outbox
when old.first_sent_at is not null
begin
    select raise(abort, 'a sent command is frozen');
end;

create table outbox_dep (
    child  blob not null references outbox (id) on delete cascade,
    parent blob not null check (length(parent) = 16),
    primary key (child, parent)
) without rowid;

create index outbox_dep_parent on outbox_dep (parent);

-- Central's signed word that it has a command.
create table receipt (
    command     blob    primary key references outbox (id) on delete cascade,
    account     blob    not null check (length(account) = 16),
    seq         integer,
    received_at integer not null,
    status      text    not null,
    text        text,
    number      text
) without rowid;

create index receipt_seq on receipt (account, seq);

-- Public data, the same for everybody.
create table catalogue (
    only      integer primary key check (only = 1),
    version   integer not null,
    as_of     integer not null,
    waves     text    not null,
    provinces text    not null,
    -- schemes and keys
    programme text
);

create table training (
    no     integer primary key,
    id     blob    not null unique check (length(id) = 16),
    title  text    not null,
    method text    not null,
    free   integer not null
);

-- Apart from the columns that are searched: a search reads (and decrypts) few pages, whatever a training holds.
create table training_data (
    no   integer primary key references training (no) on delete cascade,
    data text    not null
);

create table schedule (
    training  integer not null references training (no) on delete cascade,
    id        blob    not null,
    starts_on text    not null,
    closes_at integer not null,
    province  text,
    seats     text    not null,
    primary key (training, id)
) without rowid;

create virtual table training_fts using fts5 (
    title, field, institution, place, summary,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- Finished connection checks, newest last.
create table check_result (
    no      integer primary key,
    at      integer not null,
    verdict text    not null,
    detail  text    not null
);

-- The best genuine time that the central in use told. One row.
create table server_anchor (
    only      integer primary key check (only = 1),
    server_ms integer not null,
    device_ms integer not null,
    rtt_ms    integer not null,
    -- the same moment by a clock that nobody can set, counted from this start of the computer
    boot      blob    not null check (length(boot) = 16),
    steady_ms integer not null
);
