DROP INDEX users_search_by_id;
DROP INDEX users_search_trigrams;
DROP FUNCTION share_trigrams(BIGINT, TEXT);
CREATE INDEX users_search_trigrams ON users_search USING gin (trigrams(owner, search)) WITH (fastupdate = off);
