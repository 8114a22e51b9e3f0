-- Who saw what of whom, who was refused, and what admins did to accounts: ids only. The service adds to it and can neither change nor delete
-- (the ending _log says so to the migrate run).
CREATE TABLE audit_log (
    id             BINARY(16)   NOT NULL,
    kind           VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor_id       BINARY(16)   NULL,
    actor_service  VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
    subject_id     BINARY(16)   NULL,
    studio_id      BINARY(16)   NULL,
    fields         VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    code           VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    service        VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    route          VARCHAR(255) NOT NULL,
    correlation_id VARCHAR(100) NOT NULL,
    at             DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    KEY audit_of_a_studio (studio_id, id),
    KEY audit_by_actor (actor_id, id),
    KEY audit_about_subject (subject_id, id),
    KEY audit_of_a_kind (kind, id)
);
