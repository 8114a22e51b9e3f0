-- A studio is its own tenant: tenant_id is its id.
CREATE TABLE studios_rows (
    tenant_id     BINARY(16)    NOT NULL,
    name          VARCHAR(120)  NOT NULL,
    description   VARCHAR(2000) NULL,
    address       JSON          NULL,
    phone         VARCHAR(30)   CHARACTER SET ascii COLLATE ascii_bin NULL,
    email         VARCHAR(254)  NULL,
    time_zone     VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    currency      CHAR(3)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    tax_region    VARCHAR(6)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    opening_hours JSON          NOT NULL,
    amenities     JSON          NOT NULL,
    is_active     BOOLEAN       NOT NULL,
    version       INT           NOT NULL,
    created_at    DATETIME(6)   NOT NULL,
    updated_at    DATETIME(6)   NOT NULL,
    PRIMARY KEY (tenant_id)
);

-- Who belongs to a studio, as what. Sign-in reads a person's studios through memberships_mine, from the second key alone.
CREATE TABLE memberships_rows (
    tenant_id BINARY(16)  NOT NULL,
    owner_id  BINARY(16)  NOT NULL,
    roles     SET('gym_owner', 'trainer', 'client') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    since     DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, owner_id),
    KEY memberships_of_a_person (owner_id, tenant_id, roles)
);

-- Who coaches whom.
CREATE TABLE coachings_rows (
    tenant_id  BINARY(16)  NOT NULL,
    trainer_id BINARY(16)  NOT NULL,
    client_id  BINARY(16)  NOT NULL,
    since      DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, trainer_id, client_id),
    KEY coachings_of_a_client (tenant_id, client_id)
);
