-- When the next attempt of a run may begin.
alter table run add column retry_at integer;

alter table step_run add column note text;
alter table step_run add column read integer not null default 0;
alter table step_run add column written integer not null default 0;
alter table step_run add column printed integer not null default 0;
alter table step_run add column dropped integer not null default 0;

-- Until now this was the daemon's own for all but the largest; 0 is not known.
update step_run set peak_memory = 0;
