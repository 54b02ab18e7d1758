-- The API lists the users of every account in the order of their ids: by an index of the organization's, not by sorting
-- what all of its accounts hold. An account never changes its organization, nor a user its account.
ALTER TABLE users ADD COLUMN organization_id BIGINT REFERENCES organizations (id);
UPDATE users SET organization_id = accounts.organization_id FROM accounts WHERE accounts.id = users.account_id;
ALTER TABLE users ALTER COLUMN organization_id SET NOT NULL;
CREATE INDEX users_by_organization ON users (organization_id, id);
