-- When the user of a session entered the password again: for a few minutes after that its secrets may be read.
ALTER TABLE sessions ADD COLUMN confirmed_at TIMESTAMP;
