-- A session that several clients come to. seats_taken counts those who are enrolled and those to whom a seat is offered; whoever changes it
-- holds the class's row. Classes that were scheduled together share a series_id.
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
    scheduled_by            BINARY(16)  NOT NULL,
    scheduled_at            DATETIME(6) NOT NULL,
    cancelled_by            BINARY(16)  NULL,
    cancelled_at            DATETIME(6) NULL,
    cancel_reason           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    version                 INT         NOT NULL,
    updated_at              DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT capacity_is_kept CHECK (seats_taken BETWEEN 0 AND capacity),
    KEY classes_by_start (tenant_id, starts_at),
    KEY classes_of_a_trainer (tenant_id, trainer_id, starts_at),
    KEY classes_of_a_series (tenant_id, series_id, starts_at),
    KEY classes_given_by_a_person (trainer_id, starts_at)
);

-- Somebody's place in a class, or in the line for one, which is in the order of place. starts_at is the class's: my classes, by day. What was
-- cancelled stays beside a later place of the same person: is_standing lets there be one that is not. The deadlines are this person's: who moves
-- up late, or whose class is moved, has more time than the class says.
CREATE TABLE enrolments_rows (
    tenant_id         BINARY(16)  NOT NULL,
    id                BINARY(16)  NOT NULL,
    class_id          BINARY(16)  NOT NULL,
    owner_id          BINARY(16)  NOT NULL,
    status            ENUM('enrolled', 'waitlisted', 'offered', 'cancelled', 'attended', 'no_show') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    is_standing       TINYINT AS (CASE status WHEN 'cancelled' THEN NULL ELSE 1 END) STORED,
    starts_at         DATETIME(6) NOT NULL,
    place             INT         NOT NULL,
    offered_until     DATETIME(6) NULL,
    cancel_free_until DATETIME(6) NOT NULL,
    cancel_until      DATETIME(6) NOT NULL,
    payment_status    ENUM('none', 'due', 'paid', 'refunded') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    price_amount      BIGINT      NOT NULL,
    price_currency    CHAR(3)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    enrolled_by       BINARY(16)  NOT NULL,
    enrolled_at       DATETIME(6) NOT NULL,
    checked_in_by     BINARY(16)  NULL,
    ended_by          BINARY(16)  NULL,
    ended_at          DATETIME(6) NULL,
    cancel_reason     VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    cancel_outcome    ENUM('free', 'late') CHARACTER SET ascii COLLATE ascii_bin NULL,
    updated_at        DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE KEY one_place_each (tenant_id, class_id, owner_id, is_standing),
    KEY line (tenant_id, class_id, status, place),
    KEY enrolments_of_a_client (tenant_id, owner_id, starts_at),
    KEY enrolments_of_a_person (owner_id, starts_at)
);

-- When a class's line is to be looked at again: an offer runs out, or a seat is free and all who wait are busy. Of all studios, so that one
-- question finds those that are due.
CREATE TABLE lines_due (
    class_id  BINARY(16)  NOT NULL,
    tenant_id BINARY(16)  NOT NULL,
    due_at    DATETIME(6) NOT NULL,
    PRIMARY KEY (class_id),
    KEY due (due_at)
);
