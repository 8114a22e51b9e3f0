-- A session of one client (owner_id) with one trainer. cancel_free_until and cancel_until are what was promised when it was booked.
CREATE TABLE bookings_rows (
    tenant_id         BINARY(16)    NOT NULL,
    id                BINARY(16)    NOT NULL,
    owner_id          BINARY(16)    NOT NULL,
    trainer_id        BINARY(16)    NOT NULL,
    session_type_id   BINARY(16)    NOT NULL,
    room_id           BINARY(16)    NULL,
    series_id         BINARY(16)    NULL,
    kind              ENUM('one_on_one', 'group', 'consultation') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    starts_at         DATETIME(6)   NOT NULL,
    ends_at           DATETIME(6)   NOT NULL,
    status            ENUM('confirmed', 'completed', 'cancelled', 'no_show') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payment_status    ENUM('none', 'due', 'paid', 'refunded') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    price_amount      BIGINT        NOT NULL,
    price_currency    CHAR(3)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    cancel_free_until DATETIME(6)   NOT NULL,
    cancel_until      DATETIME(6)   NOT NULL,
    booked_by         BINARY(16)    NOT NULL,
    booked_at         DATETIME(6)   NOT NULL,
    ended_by          BINARY(16)    NULL,
    ended_at          DATETIME(6)   NULL,
    cancel_reason     VARCHAR(32)   CHARACTER SET ascii COLLATE ascii_bin NULL,
    cancel_note       VARCHAR(500)  NULL,
    cancel_outcome    ENUM('free', 'late') CHARACTER SET ascii COLLATE ascii_bin NULL,
    trainer_notes     VARCHAR(4000) NULL,
    version           INT           NOT NULL,
    updated_at        DATETIME(6)   NOT NULL,
    PRIMARY KEY (tenant_id, id),
    KEY bookings_by_start (tenant_id, starts_at),
    KEY bookings_of_a_trainer (tenant_id, trainer_id, starts_at),
    KEY bookings_of_a_client (tenant_id, owner_id, starts_at),
    KEY bookings_of_a_series (tenant_id, series_id, starts_at),
    -- Across studios: my bookings, and the calendar that a trainer's phone subscribes to.
    KEY bookings_of_a_person (owner_id, starts_at),
    KEY bookings_given_by_a_person (trainer_id, starts_at)
);

-- A time that is kept for a client while they pay. It ends by itself.
CREATE TABLE holds_rows (
    tenant_id       BINARY(16)  NOT NULL,
    id              BINARY(16)  NOT NULL,
    owner_id        BINARY(16)  NOT NULL,
    trainer_id      BINARY(16)  NOT NULL,
    session_type_id BINARY(16)  NOT NULL,
    room_id         BINARY(16)  NULL,
    starts_at       DATETIME(6) NOT NULL,
    expires_at      DATETIME(6) NOT NULL,
    held_by         BINARY(16)  NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Bookings that repeat, as they were asked for: by the studio's clock, so that ten o'clock stays ten o'clock.
CREATE TABLE booking_series_rows (
    tenant_id       BINARY(16)  NOT NULL,
    id              BINARY(16)  NOT NULL,
    owner_id        BINARY(16)  NOT NULL,
    trainer_id      BINARY(16)  NOT NULL,
    session_type_id BINARY(16)  NOT NULL,
    starts_on       DATE        NOT NULL,
    starts          TIME        NOT NULL,
    every_weeks     INT         NOT NULL,
    days            JSON        NOT NULL,
    occurrences     INT         NOT NULL,
    booked_by       BINARY(16)  NOT NULL,
    booked_at       DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
