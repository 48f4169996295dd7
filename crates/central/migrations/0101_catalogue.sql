-- The public catalogue. Every training carries the catalogue version in which it or one of its schedules changed last, so
-- that a delta is one comparison; waves and provinces are few and always sent whole. Times are Unix milliseconds, ids are 16 bytes, booleans are 0 and 1.

create table catalogue_head (
    one bigint not null primary key check (one = 1),
    version bigint not null,
    -- Deltas are answered from this version on; older ones get everything.
    oldest_base bigint not null,
    -- Day of the demo data (text, Jakarta), and 1 when its waves are those of `--fast`; null without demo data.
    demo_day text,
    demo_fast bigint
);
insert into catalogue_head (one, version, oldest_base) values (1, 1, 0);

create table training (
    id blob not null primary key,
    slug text not null unique,
    title text not null,
    summary text not null,
    method text not null,
    field text not null,
    institution text not null,
    platform text not null,
    free bigint not null check (free in (0, 1)),
    price_idr bigint not null check (price_idr >= 0 and (free = 0 or price_idr = 0)),
    hours bigint not null,
    rating_x10 bigint,
    ratings bigint not null,
    needs text not null,
    -- Digest of the operator's row: an import that changes nothing makes no new version.
    digest blob not null,
    changed_version bigint not null,
    gone bigint not null default 0 check (gone in (0, 1))
);
create index training_changed on training (changed_version);

create table schedule (
    id blob not null primary key,
    training_id blob not null references training (id),
    key text not null,
    starts_on text not null,
    ends_on text not null,
    time text not null,
    province text,
    city text,
    address text,
    closes_at bigint not null,
    capacity bigint not null check (capacity > 0),
    -- The database itself refuses to sell a seat twice.
    taken bigint not null default 0 check (taken >= 0 and taken <= capacity),
    gone bigint not null default 0 check (gone in (0, 1)),
    unique (training_id, key)
);

create table wave (
    number bigint not null primary key,
    opens_at bigint not null,
    closes_at bigint not null,
    provinces text not null,
    scheme text not null,
    -- JSON merge patch over the scheme; null for none.
    overrides text,
    quota bigint not null check (quota >= 0),
    -- JSON: province to places.
    region_quotas text not null,
    grace_ms bigint not null,
    results_expected_at bigint,
    -- not_begun, committed, published
    drawing text not null default 'not_begun',
    -- JSON of the public files; null before the commitment.
    selection text,
    -- JSON of the draws that were voided; null for none.
    voided text
);

create table rollout_province (
    code text not null primary key
);
