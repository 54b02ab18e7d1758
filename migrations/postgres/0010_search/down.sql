DROP INDEX users_inactive;
DROP TRIGGER accounts_search_kept ON accounts;
DROP FUNCTION keep_accounts_search;
DROP TABLE accounts_search;
DROP TRIGGER users_search_kept ON users;
DROP FUNCTION keep_users_search;
DROP TABLE users_search;
DROP FUNCTION trigrams;
