-- The runs that may start before that is recorded, and the boot of the machine in which they may: one row.
create table claim (
    id integer primary key,
    boot text not null,
    runs text not null,
    checksum int not null
) strict;
