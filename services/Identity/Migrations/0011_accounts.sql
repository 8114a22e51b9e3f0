-- What a letter's link proves, once. Only hashes. A registration's own password and names wait here until its link is followed: of two who
-- register one address, the one who reads its mail decides which account comes to be.
CREATE TABLE one_time_tokens (
    hash          BINARY(32)   NOT NULL,
    user_id       BINARY(16)   NOT NULL,
    purpose       VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
    first_name    VARCHAR(100) NULL,
    last_name     VARCHAR(100) NULL,
    created_at    DATETIME(6)  NOT NULL,
    expires_at    DATETIME(6)  NOT NULL,
    PRIMARY KEY (hash),
    KEY one_time_tokens_of_a_user (user_id, purpose, created_at),
    KEY one_time_tokens_by_expiry (expires_at)
);

-- How often something was tried lately: a hash of what is counted (an address from a place, an address, a network, letters to an address).
CREATE TABLE attempts (
    subject       BINARY(32)  NOT NULL,
    count         INT         NOT NULL,
    blocked_until DATETIME(6) NULL,
    expires_at    DATETIME(6) NOT NULL,
    PRIMARY KEY (subject),
    KEY attempts_by_expiry (expires_at)
);

-- Networks and devices that a person has signed in from.
CREATE TABLE known_places (
    user_id BINARY(16)  NOT NULL,
    place   BINARY(32)  NOT NULL,
    seen_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, place),
    KEY known_places_by_seen (seen_at)
);
