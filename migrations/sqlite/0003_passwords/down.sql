-- Forgets former passwords and their age; sessions that were not signed in fully end.
DELETE FROM sessions WHERE stage <> 'full';
ALTER TABLE sessions DROP COLUMN stage;
ALTER TABLE users DROP COLUMN password_changed_at;
DROP TABLE former_passwords;
