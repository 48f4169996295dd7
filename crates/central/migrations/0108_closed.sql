-- Ids of accounts that were closed, from the transaction that closes them until they stand in the file `closed-accounts`,
-- whatever happens in between.
create table closed_account (
    id blob not null primary key
);
