-- Reminders still to be given, of all studios: a replica takes those that are due, and the row goes in the transaction that tells.
CREATE TABLE reminders (
    due_at     DATETIME(6) NOT NULL,
    subject_id BINARY(16)  NOT NULL,
    person_id  BINARY(16)  NOT NULL,
    hours      INT         NOT NULL,
    tenant_id  BINARY(16)  NOT NULL,
    kind       ENUM('booking', 'class') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (subject_id, person_id, hours),
    KEY due (due_at)
);
