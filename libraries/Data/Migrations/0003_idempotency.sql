-- The first answer to a request that somebody may send again, under the key that they gave it.
CREATE TABLE idempotency_keys (
  person_id    BINARY(16)    NOT NULL,
  -- The method and the declared pattern.
  route        VARCHAR(150)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_key  VARCHAR(255)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_hash BINARY(32)    NOT NULL,
  status       SMALLINT      NOT NULL,
  location     VARCHAR(500)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  content_type VARCHAR(100)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  body         MEDIUMBLOB    NOT NULL,
  created_at   DATETIME(6)   NOT NULL,
  PRIMARY KEY (person_id, route, request_key),
  KEY by_age (created_at)
) ENGINE = InnoDB;
