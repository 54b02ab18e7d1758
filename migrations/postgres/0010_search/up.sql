-- Searching: the trigrams of every user's and account's text, so that any part of a name is found without reading them all.
-- Not those of pg_trgm: an extension needs rights, knows letters by the locale only, and no other characters at all.
-- A line end before a part of the text is doubled, so that one letter at its beginning is a trigram too. What a row belongs
-- to is one more element, by which a search stays within it.
CREATE FUNCTION trigrams(owner BIGINT, searched TEXT) RETURNS TEXT[] LANGUAGE SQL IMMUTABLE PARALLEL SAFE
COST 10000 AS $$
    SELECT array_agg(DISTINCT a || b || c) || ('owner ' || $1) FROM unnest(
        string_to_array(replace($2, chr(10), chr(10) || chr(10)), NULL),
        string_to_array(substr(replace($2, chr(10), chr(10) || chr(10)), 2), NULL),
        string_to_array(substr(replace($2, chr(10), chr(10) || chr(10)), 3), NULL)) AS letters (a, b, c)
    WHERE c IS NOT NULL
$$;

-- Tables of their own: a sign-in makes a new version of the user's row, which would have to enter its trigrams again.
CREATE TABLE users_search (
    id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    owner BIGINT NOT NULL,
    search TEXT NOT NULL
);
CREATE FUNCTION keep_users_search() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO users_search (id, owner, search) VALUES (NEW.id, NEW.account_id, NEW.search)
        ON CONFLICT (id) DO UPDATE SET search = EXCLUDED.search WHERE users_search.search <> EXCLUDED.search;
    RETURN NULL;
END $$;
CREATE TRIGGER users_search_kept AFTER INSERT OR UPDATE OF search ON users
    FOR EACH ROW EXECUTE FUNCTION keep_users_search();
INSERT INTO users_search (id, owner, search) SELECT id, account_id, search FROM users;
-- Entered at once: a list of what is still to be entered would be read by every search.
CREATE INDEX users_search_trigrams ON users_search USING gin (trigrams(owner, search)) WITH (fastupdate = off);

CREATE TABLE accounts_search (
    id BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    owner BIGINT NOT NULL,
    search TEXT NOT NULL
);
CREATE FUNCTION keep_accounts_search() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO accounts_search (id, owner, search) VALUES (NEW.id, NEW.organization_id, NEW.name_search)
        ON CONFLICT (id) DO UPDATE SET search = EXCLUDED.search WHERE accounts_search.search <> EXCLUDED.search;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_search_kept AFTER INSERT OR UPDATE OF name_search ON accounts
    FOR EACH ROW EXECUTE FUNCTION keep_accounts_search();
INSERT INTO accounts_search (id, owner, search) SELECT id, organization_id, name_search FROM accounts;
CREATE INDEX accounts_search_trigrams ON accounts_search USING gin (trigrams(owner, search)) WITH (fastupdate = off);

-- The filter Inactive, as Locked and the roles have theirs.
CREATE INDEX users_inactive ON users (account_id, id) WHERE NOT active;
