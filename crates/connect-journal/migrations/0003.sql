-- A life is a handle on the file, from its first write on. Its number marks what it has put to wait,
-- so that it can move that, and nothing else, when the wall's clock is set.
create table lives (
    one    integer primary key check (one = 1),
    latest integer not null
) strict;
insert into lives (one, latest) values (1, 0);

-- When the due time was written, by the clock of that moment, and in which life; mean something only
-- while ready.
alter table runs add column since integer;
alter table runs add column life integer;

-- In which life the lease was granted or last renewed; means something only while running.
alter table lanes add column life integer;

update runs
set since = (select max(at) from events
             where run = runs.no and kind in ('offered', 'woken', 'retry', 'wait', 'revived'))
where state = 'ready';
