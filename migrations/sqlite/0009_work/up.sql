-- Instances that can be disabled and have a schedule; jobs that are leased to workers; what became of each lease.
ALTER TABLE instances ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;
-- A JSON array of texts.
ALTER TABLE instances ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
-- When its job runs; without one it has no job.
ALTER TABLE instances ADD COLUMN cron TEXT;

-- That of the owner, which never changes: due jobs are found by it.
ALTER TABLE jobs ADD COLUMN organization_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN instance_id BIGINT REFERENCES instances (id);
-- What a scheduled call sends, as JSON; its headers may hold secrets.
ALTER TABLE jobs ADD COLUMN request_sealed TEXT;
ALTER TABLE jobs ADD COLUMN enabled BOOLEAN NOT NULL DEFAULT TRUE;
-- NULL when it never fires again.
ALTER TABLE jobs ADD COLUMN next_fire_at TIMESTAMP;
-- Until when a worker holds it.
ALTER TABLE jobs ADD COLUMN leased_until TIMESTAMP;
UPDATE jobs SET organization_id =
    (SELECT accounts.organization_id FROM users JOIN accounts ON accounts.id = users.account_id WHERE users.id = jobs.user_id);
-- Jobs from before are due at once; their first lease finds the time after it.
UPDATE jobs SET next_fire_at = created_at;
CREATE UNIQUE INDEX jobs_one_of_instance ON jobs (instance_id) WHERE instance_id IS NOT NULL;
-- A free job is due when it fires, a held one when its lease runs out.
CREATE INDEX jobs_due ON jobs (organization_id, COALESCE(leased_until, next_fire_at), id) WHERE enabled;

-- No foreign keys: what was leased outlives its job, so that a late report can be told from nonsense.
CREATE TABLE executions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    worker TEXT NOT NULL,
    fire_at TIMESTAMP NOT NULL,
    leased_at TIMESTAMP NOT NULL,
    leased_until TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    outcome TEXT NOT NULL CHECK (outcome IN ('running', 'succeeded', 'failed', 'expired', 'withdrawn')),
    message TEXT NOT NULL DEFAULT ''
);
-- Two workers never hold the same job.
CREATE UNIQUE INDEX executions_one_running ON executions (job_id) WHERE outcome = 'running';
CREATE INDEX executions_by_job ON executions (job_id, id);
CREATE INDEX executions_by_user ON executions (user_id, id);
CREATE INDEX executions_by_time ON executions (leased_at);
