-- Activity reads events by time, and by id where times are the same; one index for each filter that leads the way.
DROP INDEX audit_events_by_organization;
DROP INDEX audit_events_by_target;
CREATE INDEX audit_events_by_time ON audit_events (organization_id, at, id);
CREATE INDEX audit_events_by_account ON audit_events (organization_id, account_id, at, id);
CREATE INDEX audit_events_by_code ON audit_events (organization_id, code, at, id);
CREATE INDEX audit_events_by_actor ON audit_events (organization_id, actor_id, at, id);
CREATE INDEX audit_events_by_target ON audit_events (organization_id, target_kind, target_id, at, id);
