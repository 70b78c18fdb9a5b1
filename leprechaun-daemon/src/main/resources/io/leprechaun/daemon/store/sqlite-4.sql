-- Why a notice is not tried any more; null: it waits.
alter table notice add column given_up text;
