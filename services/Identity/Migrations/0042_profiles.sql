-- What members of a studio see of those who train them. Nobody rates themselves: nothing here writes the rating.
CREATE TABLE trainer_profiles (
    user_id          BINARY(16)    NOT NULL,
    certifications   JSON          NOT NULL,
    specializations  JSON          NOT NULL,
    years_experience SMALLINT      NULL,
    rating           DECIMAL(2, 1) NULL,
    bio              VARCHAR(2000) NULL,
    updated_at       DATETIME(6)   NOT NULL,
    PRIMARY KEY (user_id)
);

-- A person's own. What is binary is encrypted under the person's secret and bound to its column and to the row's id, which is the person's:
-- there is one row each.
CREATE TABLE client_profiles_rows (
    owner_id          BINARY(16)       NOT NULL,
    id                BINARY(16)       NOT NULL,
    health_clearance  BOOLEAN          NOT NULL,
    fitness_level     VARCHAR(16)      CHARACTER SET ascii COLLATE ascii_bin NULL,
    emergency_contact VARBINARY(1200)  NULL,
    medical_info      VARBINARY(12100) NULL,
    date_of_birth     VARBINARY(64)    NULL,
    address           VARBINARY(4000)  NULL,
    updated_at        DATETIME(6)      NOT NULL,
    PRIMARY KEY (owner_id)
);
