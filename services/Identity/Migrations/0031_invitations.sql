-- Only hashes of what leads into a studio: who reads these tables joins nothing.
CREATE TABLE invitations_rows (
    tenant_id  BINARY(16)   NOT NULL,
    id         BINARY(16)   NOT NULL,
    email      VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    roles      SET('gym_owner', 'trainer', 'client') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    token_hash BINARY(32)   NOT NULL,
    invited_by BINARY(16)   NOT NULL,
    created_at DATETIME(6)  NOT NULL,
    expires_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE KEY invitations_by_email (tenant_id, email),
    KEY invitations_by_token (tenant_id, token_hash)
);

CREATE TABLE join_links_rows (
    tenant_id  BINARY(16)  NOT NULL,
    token_hash BINARY(32)  NOT NULL,
    made_by    BINARY(16)  NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id)
);
