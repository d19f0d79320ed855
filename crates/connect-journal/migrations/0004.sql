-- What runs have in common that can be stopped together.
create table groups (
    no   integer primary key,
    name text    not null unique
) strict;

-- The date by which the run should be over; null: none was said.
alter table runs add column urgent integer;
alter table runs add column group_no integer references groups;

-- Of the run a claim takes: its group, and the date that orders it among all that are due. The date
-- is null until its due time has come.
alter table lanes add column urgent integer;
alter table lanes add column group_no integer references groups;

-- Of an offer: what it said of either.
alter table events add column urgent integer;
alter table events add column group_no integer references groups;

-- Lanes that time alone makes claimable …
drop index lanes_by_due;
create index lanes_by_due on lanes (running, due, next) where due is not null and urgent is null;
-- … and those that are: this is the queue. A lane stands in it once however many runs it has, and not
-- at all while its runs wait for a parked one, so that a claim meets only lanes it can take.
create index lanes_by_urgency on lanes (urgent, next) where urgent is not null;
-- The same for each group, so that a claim can pass a group over however many lanes of it there are.
create index lanes_by_group on lanes (group_no, urgent, next) where urgent is not null;

-- Small named values that all processes agree on.
create table controls (
    name  text    not null primary key,
    value blob    not null,
    who   text    not null, -- set it last …
    at    integer not null  -- … then
) strict;
