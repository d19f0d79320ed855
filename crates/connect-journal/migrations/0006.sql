-- What was noted in attempts, for people to read: kept for as long as the run.
create table attempt_notes (
    run     integer not null references runs,
    no      integer not null, -- 0, 1, 2, … within the run
    at      integer not null,
    attempt integer not null,
    step    text    not null,
    failed  integer not null, -- 1: the attempt ended without a result of the step
    body    blob    not null,
    primary key (run, no)
) strict, without rowid;
