DROP INDEX audit_events_by_time;
DROP INDEX audit_events_by_account;
DROP INDEX audit_events_by_code;
DROP INDEX audit_events_by_actor;
DROP INDEX audit_events_by_target;
CREATE INDEX audit_events_by_organization ON audit_events (organization_id, id);
CREATE INDEX audit_events_by_target ON audit_events (organization_id, target_kind, target_id, id);
