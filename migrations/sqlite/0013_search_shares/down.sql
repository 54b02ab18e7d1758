DROP VIEW users_searched;
CREATE VIEW users_searched AS SELECT id,
    char(983040 + (account_id >> 32 & 65535), 983040 + (account_id >> 16 & 65535), 983040 + (account_id & 65535)) AS owner,
    replace(search, char(10), char(10, 10)) AS search FROM users;
INSERT INTO users_search (users_search) VALUES ('rebuild');
