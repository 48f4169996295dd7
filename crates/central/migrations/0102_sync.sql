-- Commands, the feed of each person, and the records behind it. Every private table leads with person_id.

-- Changes committed so far (groups of commands, accounts made, imports). It only grows; a copy outside of the database (the file `epoch`) betrays a database
-- that was put back from a backup.
create table commit_count (
    one bigint not null primary key check (one = 1),
    commits bigint not null
);
insert into commit_count (one, commits) values (1, 0);

-- Feed rows up to here were pruned: an older cursor needs a snapshot.
alter table person add column feed_floor bigint not null default 0;
-- Lowest head of the feed at an accepted restore.
alter table person add column restored_seq bigint;

create table feed_row (
    person_id blob not null references person (id) on delete cascade,
    seq bigint not null,
    kind text not null,
    record_id blob not null,
    rev bigint not null,
    op text not null check (op in ('put', 'del')),
    -- Sealed.
    data blob,
    by_command blob,
    at bigint not null,
    primary key (person_id, seq)
);
create index feed_row_at on feed_row (at);

-- Newest state of each record, for snapshots and the state hash.
create table record (
    person_id blob not null references person (id) on delete cascade,
    kind text not null,
    id blob not null,
    rev bigint not null,
    -- Sealed.
    data blob,
    changed_seq bigint not null,
    deleted_at bigint,
    primary key (person_id, kind, id)
);

-- One row per command, written in the transaction of its effect. Only final results are kept.
create table command_log (
    person_id blob not null references person (id) on delete cascade,
    id blob not null primary key,
    device_id blob not null,
    kind text not null,
    v bigint not null,
    -- Keyed digest of the content; null for a command that was voided before it came.
    fingerprint blob,
    -- Null only inside the transaction that is carrying it out.
    status text,
    seq bigint not null,
    -- Sealed; null after its retention.
    result blob,
    -- When it entered central first: after a restore, as its receipt says.
    received_at bigint not null,
    -- What the device knew of time, sealed; null for a command that was voided before it came and after its retention.
    evidence blob
);
create index command_log_received on command_log (received_at);
-- Closing an account takes the commands of its person away.
create index command_log_by_person on command_log (person_id);

-- Personal data in sealed form, with the revision and the device of each field.
create table profile (
    person_id blob not null primary key references person (id) on delete cascade,
    rev bigint not null,
    content blob not null
);

create table enrolment (
    person_id blob not null references person (id) on delete cascade,
    id blob not null,
    training_id blob not null references training (id),
    schedule_id blob references schedule (id),
    state text not null,
    active bigint not null check (active in (0, 1)),
    title text not null,
    -- Dates, time and place when it was asked for (JSON); null for self-paced trainings.
    run text,
    rev bigint not null,
    received_at bigint not null,
    primary key (person_id, id)
);
-- One place per person and training, whatever happens to command ids.
create unique index enrolment_active on enrolment (training_id, person_id) where active = 1;
