-- A public key of somebody's device each. The device knows it by credential_id, which is its own to choose and belongs to one account only.
CREATE TABLE passkeys (
    id                 BINARY(16)      NOT NULL,
    user_id            BINARY(16)      NOT NULL,
    credential_id      VARBINARY(1023) NOT NULL,
    public_key         VARBINARY(2048) NOT NULL,
    sign_count         BIGINT          NOT NULL,
    name               VARCHAR(64)     CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    transports         VARCHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    is_backup_eligible BOOLEAN         NOT NULL,
    is_backed_up       BOOLEAN         NOT NULL,
    created_at         DATETIME(6)     NOT NULL,
    last_used_at       DATETIME(6)     NULL,
    PRIMARY KEY (id),
    UNIQUE KEY passkeys_by_credential (credential_id),
    KEY passkeys_of_a_user (user_id, id)
);
