-- Whose journal it is: no row before somebody says so, one ever after.
create table owner (
    one  integer primary key check (one = 1),
    name text    not null
) strict;

-- When the lease was granted or last renewed, by the clock of that moment; means something only
-- while running.
alter table lanes add column since integer;

update lanes
set since = (select max(at) from events
             where run = lanes.holder and kind in ('claimed', 'took_over'))
where running = 1;

-- Of a park: the step that a person is asked about.
alter table events add column about text;
