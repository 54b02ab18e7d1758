-- Searching: the trigrams of every user's and account's text, so that any part of a name is found without reading them all.
-- A line end before a part of the text is doubled, so that one letter at its beginning is a trigram too. What a row belongs
-- to is three characters for private use that spell its id: one trigram, by which a search stays within it.
CREATE VIEW users_searched AS SELECT id,
    char(983040 + (account_id >> 32 & 65535), 983040 + (account_id >> 16 & 65535), 983040 + (account_id & 65535)) AS owner,
    replace(search, char(10), char(10, 10)) AS search FROM users;
CREATE VIRTUAL TABLE users_search USING fts5 (owner, search, content = 'users_searched', content_rowid = 'id',
    columnsize = 0, tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER users_search_added AFTER INSERT ON users BEGIN
    INSERT INTO users_search (rowid, owner, search) SELECT id, owner, search FROM users_searched WHERE id = NEW.id;
END;
-- Such an index forgets a row when it is told what it held.
CREATE TRIGGER users_search_left BEFORE UPDATE OF search ON users WHEN OLD.search <> NEW.search BEGIN
    INSERT INTO users_search (users_search, rowid, owner, search)
        SELECT 'delete', id, owner, search FROM users_searched WHERE id = OLD.id;
END;
CREATE TRIGGER users_search_changed AFTER UPDATE OF search ON users WHEN OLD.search <> NEW.search BEGIN
    INSERT INTO users_search (rowid, owner, search) SELECT id, owner, search FROM users_searched WHERE id = NEW.id;
END;
CREATE TRIGGER users_search_removed BEFORE DELETE ON users BEGIN
    INSERT INTO users_search (users_search, rowid, owner, search)
        SELECT 'delete', id, owner, search FROM users_searched WHERE id = OLD.id;
END;
INSERT INTO users_search (users_search) VALUES ('rebuild');

CREATE VIEW accounts_searched AS SELECT id,
    char(983040 + (organization_id >> 32 & 65535), 983040 + (organization_id >> 16 & 65535), 983040 + (organization_id & 65535)) AS owner,
    name_search AS search FROM accounts;
CREATE VIRTUAL TABLE accounts_search USING fts5 (owner, search, content = 'accounts_searched', content_rowid = 'id',
    columnsize = 0, tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER accounts_search_added AFTER INSERT ON accounts BEGIN
    INSERT INTO accounts_search (rowid, owner, search) SELECT id, owner, search FROM accounts_searched WHERE id = NEW.id;
END;
CREATE TRIGGER accounts_search_left BEFORE UPDATE OF name_search ON accounts WHEN OLD.name_search <> NEW.name_search BEGIN
    INSERT INTO accounts_search (accounts_search, rowid, owner, search)
        SELECT 'delete', id, owner, search FROM accounts_searched WHERE id = OLD.id;
END;
CREATE TRIGGER accounts_search_changed AFTER UPDATE OF name_search ON accounts WHEN OLD.name_search <> NEW.name_search BEGIN
    INSERT INTO accounts_search (rowid, owner, search) SELECT id, owner, search FROM accounts_searched WHERE id = NEW.id;
END;
CREATE TRIGGER accounts_search_removed BEFORE DELETE ON accounts BEGIN
    INSERT INTO accounts_search (accounts_search, rowid, owner, search)
        SELECT 'delete', id, owner, search FROM accounts_searched WHERE id = OLD.id;
END;
INSERT INTO accounts_search (accounts_search) VALUES ('rebuild');

-- The filter Inactive, as Locked and the roles have theirs.
CREATE INDEX users_inactive ON users (account_id, id) WHERE NOT active;
