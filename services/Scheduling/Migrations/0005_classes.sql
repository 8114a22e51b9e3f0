CREATE TABLE class_series_rows (
    tenant_id       BINARY(16)  NOT NULL,
    id              BINARY(16)  NOT NULL,
    session_type_id BINARY(16)  NOT NULL,
    trainer_id      BINARY(16)  NOT NULL,
    room_id         BINARY(16)  NULL,
    starts_on       DATE        NOT NULL,
    starts          TIME        NOT NULL,
    every_weeks     INT         NOT NULL,
    days            JSON        NOT NULL,
    occurrences     INT         NOT NULL,
    scheduled_by    BINARY(16)  NOT NULL,
    scheduled_at    DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- seats_taken counts those who are enrolled and those to whom a seat is offered; whoever changes it holds the class's row.
CREATE TABLE classes_rows (
    tenant_id               BINARY(16)  NOT NULL,
    id                      BINARY(16)  NOT NULL,
    series_id               BINARY(16)  NULL,
    session_type_id         BINARY(16)  NOT NULL,
    trainer_id              BINARY(16)  NOT NULL,
    room_id                 BINARY(16)  NULL,
    starts_at               DATETIME(6) NOT NULL,
    ends_at                 DATETIME(6) NOT NULL,
    capacity                INT         NOT NULL,
    seats_taken             INT         NOT NULL,
    status                  ENUM('scheduled', 'cancelled') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    waitlist_mode           ENUM('auto', 'offer') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    offer_minutes           INT         NOT NULL,
    waitlist_cutoff_minutes INT         NOT NULL,
    cancel_free_minutes     INT         NOT NULL,
    cancel_refuse_minutes   INT         NOT NULL,
    cancel_reason           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    scheduled_by            BINARY(16)  NOT NULL,
    version                 INT         NOT NULL,
    updated_at              DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT capacity_is_kept CHECK (seats_taken BETWEEN 0 AND capacity),
    KEY classes_by_start (tenant_id, starts_at),
    KEY classes_of_a_trainer (tenant_id, trainer_id, starts_at),
    KEY classes_of_a_series (tenant_id, series_id, starts_at),
    KEY classes_given_by_a_person (trainer_id, starts_at)
);

-- Somebody's place in a class, or in the line for one; the line is in the order of queued_at. starts_at is the class's: my classes, by day.
CREATE TABLE enrolments_rows (
    tenant_id     BINARY(16)  NOT NULL,
    class_id      BINARY(16)  NOT NULL,
    owner_id      BINARY(16)  NOT NULL,
    id            BINARY(16)  NOT NULL,
    status        ENUM('enrolled', 'waitlisted', 'offered', 'cancelled', 'attended', 'no_show') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    starts_at     DATETIME(6) NOT NULL,
    queued_at     DATETIME(6) NULL,
    offered_until DATETIME(6) NULL,
    cancel_outcome ENUM('free', 'late') CHARACTER SET ascii COLLATE ascii_bin NULL,
    payment_status ENUM('none', 'due', 'paid', 'refunded') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    enrolled_by   BINARY(16)  NOT NULL,
    enrolled_at   DATETIME(6) NOT NULL,
    updated_at    DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, class_id, owner_id),
    KEY line (tenant_id, class_id, status, queued_at),
    KEY enrolments_of_a_client (tenant_id, owner_id, starts_at),
    KEY enrolments_of_a_person (owner_id, starts_at)
);
