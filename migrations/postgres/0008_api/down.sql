-- Tokens of the API end: an older program would take them for something else.
DELETE FROM sessions WHERE stage = 'api';
DROP TABLE idempotent_calls;
DROP TABLE contacts;
ALTER TABLE accounts DROP COLUMN account_admin;
ALTER TABLE accounts DROP COLUMN org_admin;
