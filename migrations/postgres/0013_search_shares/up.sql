-- A search within an account reads the lists of its trigrams. Those of everybody were a hundred times as long as an account's,
-- so each account now has those of one of 32 shares: one more character at the beginning tells which.
DROP INDEX users_search_trigrams;
CREATE FUNCTION share_trigrams(owner BIGINT, searched TEXT) RETURNS TEXT[] LANGUAGE SQL IMMUTABLE PARALLEL SAFE
COST 10000 AS $$
    SELECT array_agg(chr(256 + ($1 & 31)::INT) || a || b || c) || ('owner ' || $1) FROM unnest(
        string_to_array(replace($2, chr(10), chr(10) || chr(10)), NULL),
        string_to_array(substr(replace($2, chr(10), chr(10) || chr(10)), 2), NULL),
        string_to_array(substr(replace($2, chr(10), chr(10) || chr(10)), 3), NULL)) AS letters (a, b, c)
    WHERE c IS NOT NULL
$$;
CREATE INDEX users_search_trigrams ON users_search USING gin (share_trigrams(owner, search)) WITH (fastupdate = off);

-- For a look at some of an account's texts, which tells what nearly all of them have.
CREATE INDEX users_search_by_id ON users_search (owner, id);
