-- Nobody used it.
drop table node;

-- To whom a notice goes.
alter table notice add column target text not null default 'mail';
-- Why a notice is not tried any more; null: it waits.
alter table notice add column given_up text;

-- Failures in a row, when the last of them was told, and who wants not to be told.
alter table recipe add column failures integer not null default 0;
alter table recipe add column told_at integer;
alter table recipe add column silence text;
alter table recipe add column silent_at integer;
alter table recipe add column silent_until integer;
alter table recipe add column silent_by text;
alter table recipe add column silent_reason text;
update recipe set failures = 1 where last_outcome in ('failed', 'timed_out', 'lost');
