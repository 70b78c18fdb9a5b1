-- Shorter words for the same types.
pragma writable_schema = on;
update sqlite_schema set sql = replace(replace(sql, ' integer', ' int'), ' int primary key', ' integer primary key');
pragma writable_schema = reset;

-- The order of runs is that of their numbers, whatever the clock showed.
drop index run_by_state;
drop index run_by_recipe;
drop index run_unfinished;
create index run_by_state on run (state) where ended_at is not null;
create index run_by_recipe on run (recipe, state) where ended_at is not null;
create index run_unfinished on run (state) where ended_at is null;

-- The number of the last good and of the last bad end of a recipe's runs. Ends are counted in the order in which they are kept; what follows a recipe is accounted for
-- until such a number. Until now these were times, and the counting goes on from there.
alter table recipe add column well int;
alter table recipe add column badly int;
update recipe set
    well = (select max(ended_at) from run where recipe = recipe.name and state = 'succeeded' and ended_at is not null),
    badly = (select max(ended_at) from run where recipe = recipe.name and state in ('failed', 'timed_out', 'killed', 'lost') and ended_at is not null);

-- The last run before the due instants were watched for anew.
alter table watched add column run int not null default 0;
update watched set run = coalesce((select max(id) from run where recipe = watched.recipe and queued_at < since), 0);

-- The number of the last run that was removed, and not its due instant: until then there may be gaps.
update due set removed = (select max(seq) from sqlite_sequence where name = 'run') where removed is not null;

-- Each start of a daemon and each time that the clock was set: after which run, what the clock showed then, and how far it had been set forward.
create table clock (
    id integer primary key,
    run int not null,
    kind text not null,
    at int not null,
    by int not null
) strict;
