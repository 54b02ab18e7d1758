-- A search within an account reads the lists of its trigrams. Those of everybody were a hundred times as long as an account's,
-- so each account now has those of one of 32 shares: its letters are moved to other characters before they enter.
DROP VIEW users_searched;
CREATE VIEW users_searched AS SELECT id,
    char(983040 + (account_id >> 32 & 65535), 983040 + (account_id >> 16 & 65535), 983040 + (account_id & 65535)) AS owner,
    in_share(account_id, replace(search, char(10), char(10, 10))) AS search FROM users;
-- With 64 MB for what is not sorted yet instead of one, a million users take half the time.
INSERT INTO users_search (users_search, rank) VALUES ('hashsize', 67108864);
INSERT INTO users_search (users_search) VALUES ('rebuild');
INSERT INTO users_search (users_search, rank) VALUES ('hashsize', 1048576);
