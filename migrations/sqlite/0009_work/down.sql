-- Forgets what was leased, and everything about instances and jobs that the foundation did not know.
DROP TABLE executions;
DROP INDEX jobs_due;
DROP INDEX jobs_one_of_instance;
ALTER TABLE jobs DROP COLUMN leased_until;
ALTER TABLE jobs DROP COLUMN next_fire_at;
ALTER TABLE jobs DROP COLUMN enabled;
ALTER TABLE jobs DROP COLUMN request_sealed;
ALTER TABLE jobs DROP COLUMN instance_id;
ALTER TABLE jobs DROP COLUMN description;
ALTER TABLE jobs DROP COLUMN organization_id;
ALTER TABLE instances DROP COLUMN cron;
ALTER TABLE instances DROP COLUMN tags;
ALTER TABLE instances DROP COLUMN disabled;
