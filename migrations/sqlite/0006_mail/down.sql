-- Forgets the links that were sent, and what waits to be mailed.
DROP TABLE recovery_links;
DROP TABLE outbox;
