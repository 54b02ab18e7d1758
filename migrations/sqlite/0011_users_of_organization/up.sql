-- The API lists the users of every account in the order of their ids: by an index of the organization's, not by sorting
-- what all of its accounts hold. An account never changes its organization, nor a user its account.
ALTER TABLE users ADD COLUMN organization_id BIGINT NOT NULL DEFAULT 0;
UPDATE users SET organization_id = (SELECT organization_id FROM accounts WHERE accounts.id = users.account_id);
CREATE INDEX users_by_organization ON users (organization_id, id);
