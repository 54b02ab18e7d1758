-- Forgets every second factor; sessions that wait for one end.
DELETE FROM sessions WHERE stage IN ('code', 'enrolment');
DROP TABLE recovery_codes;
ALTER TABLE users DROP COLUMN failed_codes;
ALTER TABLE users DROP COLUMN totp_step;
ALTER TABLE users DROP COLUMN totp_sealed;
ALTER TABLE users DROP COLUMN totp_since;
ALTER TABLE organizations DROP COLUMN two_factor;
