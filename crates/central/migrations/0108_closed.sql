-- Ids of accounts that were closed, from the transaction that closes them. `noted`: it stands in the file `closed-accounts`.
create table closed_account (
    id blob not null primary key,
    noted bigint not null
);
