-- A person's case. What the database must search stands in columns of its own; everything personal is sealed.

create table registration (
    person_id blob not null primary key references person (id) on delete cascade,
    -- Number to read out on the phone; says nothing of the person.
    case_number text not null unique,
    rev bigint not null,
    state text not null,
    -- Sealed.
    content blob not null
);
