-- Times are nanoseconds since 1970-01-01T00:00:00Z.

create table lanes (
    no      integer primary key,
    name    text    not null unique,
    fence   integer not null default 0, -- of its latest claim
    holder  integer,                    -- the run that keeps all others out; null: free
    running integer not null default 0, -- 1: the holder is under a lease
    next    integer,                    -- the run a claim of the lane takes
    due     integer                     -- from when on: the run's due time, or the end of the
                                        -- lease; null: the lane has nothing to claim
) strict;

-- The queue. A lane stands in it once however many runs it has, and not at all while its runs wait
-- for a parked one, so that a claim meets only lanes it can take.
create index lanes_by_due on lanes (running, due, next) where due is not null;

create table runs (
    no       integer primary key, -- grows with each first offer
    id       text    not null unique,
    lane     integer not null references lanes,
    payload  blob    not null,
    state    text    not null,    -- ready, running, idle, parked, done, dead
    due      integer,             -- not null exactly while ready
    fence    integer not null default 0,
    attempt  integer not null default 0,
    failures integer not null default 0,
    worker   text,                -- not null exactly while running
    outcome  blob,                -- of the last finish: this …
    why      text                 -- … or this
) strict;

create index runs_by_lane on runs (lane, state, due);
create index runs_by_state on runs (state, id);

-- What happened, only ever added to.
create table events (
    run       integer not null references runs,
    seq       integer not null, -- 0, 1, 2, … within the run
    at        integer not null,
    kind      text    not null,
    fence     integer,          -- of the claim that wrote it
    step      text,
    who       text,             -- the worker, or the person who revived
    due       integer,
    attempt   integer,
    hold_lane integer,
    body      blob,             -- payload, output or outcome
    why       text,
    primary key (run, seq)
) strict, without rowid;

create index events_by_step on events (run, step) where step is not null;
