-- When a trainer works, by the studio's clock. What ends at or before the hour it starts at ends the next day.
CREATE TABLE availability_rules_rows (
    tenant_id   BINARY(16) NOT NULL,
    trainer_id  BINARY(16) NOT NULL,
    id          BINARY(16) NOT NULL,
    day         ENUM('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    starts      TIME       NOT NULL,
    ends        TIME       NOT NULL,
    valid_from  DATE       NULL,
    valid_until DATE       NULL,
    PRIMARY KEY (tenant_id, trainer_id, id)
);

-- Days unlike others, by the studio's clock too: time off takes hours away, extra hours add some.
CREATE TABLE availability_exceptions_rows (
    tenant_id    BINARY(16)   NOT NULL,
    trainer_id   BINARY(16)   NOT NULL,
    id           BINARY(16)   NOT NULL,
    kind         ENUM('time_off', 'extra_hours') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    starts_local DATETIME     NOT NULL,
    ends_local   DATETIME     NOT NULL,
    created_at   DATETIME(6)  NOT NULL,
    PRIMARY KEY (tenant_id, trainer_id, id),
    KEY exceptions_by_end (tenant_id, trainer_id, ends_local)
);
