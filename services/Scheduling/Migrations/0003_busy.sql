-- When a person or a room is taken, whichever studio it is for: this table belongs to none and says nothing but that. source_id is what takes
-- the time: a booking, a class, a hold. What has an expires_at counts until then only. Nothing is longer than a day, so that what overlaps a
-- time is found from one day before it on.
CREATE TABLE busy (
    resource_id BINARY(16)  NOT NULL,
    starts_at   DATETIME(6) NOT NULL,
    ends_at     DATETIME(6) NOT NULL,
    source_id   BINARY(16)  NOT NULL,
    expires_at  DATETIME(6) NULL,
    PRIMARY KEY (resource_id, starts_at, source_id),
    KEY busy_by_source (source_id),
    KEY busy_by_expiry (expires_at)
);

-- Whoever is about to take somebody's time holds their row here until it is done: all others wait.
CREATE TABLE busy_locks (
    resource_id BINARY(16) NOT NULL,
    PRIMARY KEY (resource_id)
);
