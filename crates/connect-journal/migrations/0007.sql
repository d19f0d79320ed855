-- Runs that are over soon are nearly all of them. What keeps the others in order knows nothing of
-- those, so that it stays as small as there is work, and a claim or an end of a run touches few pages.
drop index runs_by_lane;
drop index runs_by_state;
create index runs_by_lane on runs (lane);
create index ready_runs_by_lane on runs (lane, due) where state = 'ready';
create index runs_by_state on runs (state, id) where state <> 'done';
