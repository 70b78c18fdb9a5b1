CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER);
INSERT INTO customer VALUES (1, 'Ada'), (2, 'Bob');
INSERT INTO purchase VALUES (1, 1, 250);
