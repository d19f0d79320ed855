-- A backup says when it was taken, and a journal that was restored from one also when that was: of
-- what was done in between it knows nothing.
create table restorations (
    backup integer not null,
    at     integer           -- null: this file is the backup
) strict;

-- The greatest fence of all lanes that were removed, from which new ones go on.
create table removed_lanes (
    one   integer primary key check (one = 1),
    fence integer not null
) strict;
insert into removed_lanes (one, fence) values (1, 0);

-- From here on it also means something when a run is over: since when.
update runs
set since = (select max(at) from events where run = runs.no)
where state in ('done', 'dead') and since is null;

create index runs_by_end on runs (since) where state in ('done', 'dead');
