-- Where a person's calendar may be read by who knows the address. Only its hash is kept.
CREATE TABLE calendar_feeds (
    person_id  BINARY(16)  NOT NULL,
    token_hash BINARY(32)  NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (person_id),
    UNIQUE KEY feed_by_token (token_hash)
);
