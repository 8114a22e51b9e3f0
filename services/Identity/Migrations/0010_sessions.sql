ALTER TABLE users
    MODIFY password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN email_verified_at   DATETIME(6) NULL,
    ADD COLUMN language            VARCHAR(5)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'en',
    ADD COLUMN phone               VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN password_changed_at DATETIME(6) NULL,
    ADD COLUMN deactivated_at      DATETIME(6) NULL,
    ADD COLUMN erased_at           DATETIME(6) NULL,
    ADD COLUMN updated_at          DATETIME(6) NULL;

-- A session that ended stays until nobody can hold a token of it any more. Only a browser's session has a CSRF token.
ALTER TABLE sessions
    ADD COLUMN ip           VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    ADD COLUMN last_seen_at DATETIME(6) NULL,
    ADD COLUMN ended_at     DATETIME(6) NULL,
    ADD COLUMN csrf_hash    BINARY(32)  NULL;

UPDATE sessions SET last_seen_at = created_at;

ALTER TABLE sessions
    MODIFY last_seen_at DATETIME(6) NOT NULL,
    ADD KEY sessions_by_last_seen (last_seen_at),
    ADD KEY sessions_by_end (ended_at);

-- Only hashes: who reads this table cannot refresh anything. Spent ones stay until they would have expired, to be recognised when they come again.
CREATE TABLE refresh_tokens (
    hash       BINARY(32)  NOT NULL,
    session_id BINARY(16)  NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    spent_at   DATETIME(6) NULL,
    PRIMARY KEY (hash),
    KEY refresh_tokens_of_a_session (session_id),
    KEY refresh_tokens_by_expiry (expires_at)
);
