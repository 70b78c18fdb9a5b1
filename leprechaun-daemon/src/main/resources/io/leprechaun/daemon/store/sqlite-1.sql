-- Times are microseconds since 1970-01-01T00:00:00Z. Words are spelled as the API spells them.

create table store (
    identity text not null
) strict;

create table recipe (
    name text primary key,
    last_run integer,
    last_outcome text
) strict, without rowid;

create table recipe_version (
    hash text primary key,
    file text not null,
    text text not null
) strict, without rowid;

-- What is due by one kind of trigger: where its intervals are counted from, and until when every due instant is accounted for.
create table due (
    recipe text not null,
    trigger_kind text not null,
    period integer,
    anchor integer,
    accounted integer,
    primary key (recipe, trigger_kind)
) strict, without rowid;

-- What was accepted, and what was due and started nothing.
create table run (
    id integer primary key autoincrement,
    recipe text not null,
    version text not null,
    agent text not null,
    trigger_kind text not null,
    requested_by text,
    priority integer not null,
    state text not null,
    reason text,
    exit_code integer,
    attempt integer not null,
    repeated integer not null,
    due_at integer,
    due_until integer,
    queued_at integer not null,
    started_at integer,
    ended_at integer
) strict;

create index run_of_recipe on run (recipe, trigger_kind, id);
create index run_in_state on run (state, id);

create table step_run (
    run integer not null,
    attempt integer not null,
    number integer not null,
    command text not null,
    state text not null,
    exit_code integer,
    detail text,
    started_at integer,
    ended_at integer,
    cpu integer not null,
    peak_memory integer not null,
    primary key (run, attempt, number)
) strict, without rowid;

create table parameter (
    run integer not null,
    name text not null,
    value text not null,
    primary key (run, name)
) strict, without rowid;

create table body (
    run integer primary key,
    content blob not null
) strict;

-- What people are to be told; a row goes when it was sent.
create table notice (
    id integer primary key autoincrement,
    run integer not null,
    kind text not null
) strict;
