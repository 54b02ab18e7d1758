-- Removes everything the first migration made.
DROP TABLE audit_events;
DROP TABLE jobs;
DROP TABLE instances;
DROP TABLE sessions;
DROP TABLE users;
DROP TABLE accounts;
DROP TABLE roles;
DROP TABLE password_policies;
DROP TABLE organizations;
DROP TABLE installation;
