-- The motivation and basic ability test: one attempt a person, its start and end owned by central.

create table test_attempt (
    person_id blob not null primary key references person (id) on delete cascade,
    id blob not null unique,
    started_at bigint not null,
    ends_at bigint not null,
    -- Answers that were given in time by the device's evidence are taken until then.
    closes_at bigint not null,
    submitted_at bigint,
    -- When the result of what was handed in is due by the scheme.
    result_by bigint,
    evaluated_at bigint,
    -- Sealed: seed and plan of the paper, the bank it was drawn from, and the score once there is one.
    content blob not null
);
create index test_attempt_open on test_attempt (closes_at) where evaluated_at is null;

-- Newest answer to each item.
create table test_answer (
    person_id blob not null references test_attempt (person_id) on delete cascade,
    item text not null,
    -- Sealed.
    choice blob not null,
    received_at bigint not null,
    -- 1: it arrived after the end and counts by the device's evidence.
    by_evidence bigint not null default 0,
    primary key (person_id, item)
);
