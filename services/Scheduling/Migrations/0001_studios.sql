-- What Identity says of a studio, as far as time and money need it: tenant_id is its id.
CREATE TABLE studios_rows (
    tenant_id BINARY(16)  NOT NULL,
    time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    currency  CHAR(3)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    is_active BOOLEAN     NOT NULL,
    PRIMARY KEY (tenant_id)
);

-- The studio's rules for booking and cancelling. A studio without a row has the usual ones.
CREATE TABLE policies_rows (
    tenant_id              BINARY(16)  NOT NULL,
    notice_minutes         INT         NOT NULL,
    horizon_days           INT         NOT NULL,
    slot_step_minutes      INT         NOT NULL,
    free_cancel_minutes    INT         NOT NULL,
    refuse_cancel_minutes  INT         NOT NULL,
    waitlist_mode          ENUM('auto', 'offer') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    offer_minutes          INT         NOT NULL,
    waitlist_cutoff_minutes INT        NOT NULL,
    version                INT         NOT NULL,
    updated_at             DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id)
);

CREATE TABLE rooms_rows (
    tenant_id  BINARY(16)   NOT NULL,
    id         BINARY(16)   NOT NULL,
    name       VARCHAR(120) NOT NULL,
    is_active  BOOLEAN      NOT NULL,
    version    INT          NOT NULL,
    created_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- What can be booked. No rooms: it needs none. No trainers: whoever has hours gives it. A null rule is the studio's.
CREATE TABLE session_types_rows (
    tenant_id             BINARY(16)    NOT NULL,
    id                    BINARY(16)    NOT NULL,
    name                  VARCHAR(120)  NOT NULL,
    description           VARCHAR(2000) NULL,
    kind                  ENUM('one_on_one', 'group', 'consultation') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    minutes               INT           NOT NULL,
    buffer_before_minutes INT           NOT NULL,
    buffer_after_minutes  INT           NOT NULL,
    price_amount          BIGINT        NOT NULL,
    price_currency        CHAR(3)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    requires_program      BOOLEAN       NOT NULL,
    capacity              INT           NOT NULL,
    room_ids              JSON          NOT NULL,
    trainer_ids           JSON          NOT NULL,
    notice_minutes        INT           NULL,
    horizon_days          INT           NULL,
    free_cancel_minutes   INT           NULL,
    refuse_cancel_minutes INT           NULL,
    is_active             BOOLEAN       NOT NULL,
    version               INT           NOT NULL,
    created_at            DATETIME(6)   NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
