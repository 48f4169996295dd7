-- Documents of persons and their uploads. Contents are files in the data folder, sealed; here is what must be searched.

create table document (
    person_id blob not null references person (id) on delete cascade,
    -- Made by the device.
    id blob not null,
    kind text not null,
    state text not null check (state in ('awaited', 'received', 'accepted', 'rejected')),
    rev bigint not null,
    at bigint not null,
    -- What was announced; null for a photo that came from a phone. The digest is that of the sealed bytes.
    upload_id blob,
    sha256 blob,
    bytes bigint,
    sealing_key text,
    -- Name of the files; null before they are here and for a photo that was refused at once.
    file text,
    -- The record as the person sees it, sealed.
    content blob not null,
    primary key (person_id, id)
);
-- One that is awaited or looked at for each kind, whatever happens to command ids.
create unique index document_open on document (person_id, kind) where state in ('awaited', 'received');
create unique index document_upload on document (person_id, upload_id);
create index document_review on document (at) where state = 'received';

create table upload (
    person_id blob not null references person (id) on delete cascade,
    id blob not null,
    document_id blob not null,
    bytes bigint not null check (bytes > 0),
    -- Name of the file.
    file text not null unique,
    -- Bytes that are in the file for certain; what lies behind them is of a part that was cut off.
    stored bigint not null check (stored >= 0 and stored <= bytes),
    created_at bigint not null,
    -- When bytes came last: the longest idle gives way when the disk is full.
    touched_at bigint not null,
    expires_at bigint not null,
    primary key (person_id, id)
);
create index upload_expires on upload (expires_at);

-- Pages on which a phone takes a photo. Only the digest of the address's secret part is here.
create table handover (
    person_id blob not null references person (id) on delete cascade,
    token_hash blob not null primary key,
    kind text not null,
    created_at bigint not null,
    expires_at bigint not null,
    -- Photos tried.
    tries bigint not null default 0,
    -- Name of the files of a photo that waits for a yes, and the document that it would be.
    held text,
    held_document blob,
    used_at bigint
);
create index handover_person on handover (person_id, created_at);
create index handover_expires on handover (expires_at);
