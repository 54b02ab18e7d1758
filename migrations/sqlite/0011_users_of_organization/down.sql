DROP INDEX users_by_organization;
ALTER TABLE users DROP COLUMN organization_id;
