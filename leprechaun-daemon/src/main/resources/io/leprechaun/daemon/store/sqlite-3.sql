-- Each row that tells of a run carries a checksum of what it says; null: written by an earlier version.
alter table run add column checksum integer;
alter table step_run add column checksum integer;
alter table body add column checksum integer;

-- What a run occupies in bytes: what is kept of its output, and its body. Not part of the checksum.
alter table run add column bytes integer not null default 0;
update run set bytes = coalesce((select sum(printed - dropped) from step_run where step_run.run = run.id), 0)
                     + coalesce((select length(content) from body where body.run = run.id), 0);

-- Every list of runs reads these, the newest first: of those that are over a state at a time, and the few that are not. What is accepted and what is started
-- touches only the last one, and one page less is a tenth less to wait for.
drop index run_of_recipe;
drop index run_in_state;
create index run_by_state on run (state, queued_at) where ended_at is not null;
create index run_by_recipe on run (recipe, state, queued_at) where ended_at is not null;
create index run_unfinished on run (queued_at) where ended_at is null;

-- The newest record of a recipe and trigger, if it came to nothing: an equal outcome is counted there.
alter table due add column refused integer;
-- The last due instant whose record was removed because it was old: until then there may be gaps.
alter table due add column removed integer;

-- The boot of the machine by which the recipe was due last.
alter table due add column boot text;

-- From when on the due instants of a recipe are watched for: it was new then, or its file had changed. Between two of these each is accounted for.
-- Where the clock was set back, it had shown a later time: until then the recipe may be due twice at one instant.
create table watched (
    recipe text not null,
    trigger_kind text not null,
    since integer not null,
    shown integer,
    primary key (recipe, trigger_kind, since)
) strict, without rowid;

-- How many runs of a recipe that have started are over, and what they occupy; and who holds it back, until when and why.
alter table recipe add column runs integer not null default 0;
alter table recipe add column bytes integer not null default 0;
alter table recipe add column paused_at integer;
alter table recipe add column paused_until integer;
alter table recipe add column paused_by text;
alter table recipe add column paused_reason text;

-- A notice of no run (run 0) has words of its own, and when they were found.
alter table notice add column words text;
alter table notice add column found integer;

-- Which agents are paused, since and until when, by whom and why.
create table agent (
    name text primary key,
    paused_at integer not null,
    paused_until integer,
    paused_by text not null,
    paused_reason text
) strict, without rowid;

update recipe set (runs, bytes) = (select count(*), coalesce(sum(run.bytes), 0) from run
    where run.recipe = recipe.name and started_at is not null and ended_at is not null);

-- What came of each attempt but a run's last one, which is the run's own.
create table attempt (
    run integer not null,
    number integer not null,
    reason text,
    exit_code integer,
    primary key (run, number)
) strict, without rowid;

-- Runs whose rows are gone and whose files are to go.
create table removal (
    run integer primary key
) strict;

-- By which delivery a hook's sender knows a run: the same delivery is one run.
create table delivery (
    recipe text not null,
    delivery text not null,
    run integer not null,
    received_at integer not null,
    primary key (recipe, delivery)
) strict, without rowid;

create index delivery_by_time on delivery (received_at);

-- The daemons that share a store.
create table node (
    name text primary key,
    seen_at integer not null
) strict, without rowid;

-- Filled and emptied again, so that the file has room in it.
create table reserve (
    filler blob not null
) strict;
