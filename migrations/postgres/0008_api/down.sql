DROP TABLE contacts;
ALTER TABLE accounts DROP COLUMN account_admin;
ALTER TABLE accounts DROP COLUMN org_admin;
