-- The outbox is the event log: what was said, in the order in which it was said. Rows are kept after they were sent.
CREATE TABLE outbox (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  id BINARY(16) NOT NULL,
  aggregate_id BINARY(16) NOT NULL,
  type VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tenant_id BINARY(16) NULL,
  user_id BINARY(16) NULL,
  correlation_id VARCHAR(100) NOT NULL,
  -- Not JSON: that type orders members anew and turns decimals into doubles. This is what goes on the wire, byte by byte.
  payload MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL,
  trace_parent VARCHAR(55) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(6) NOT NULL,
  sent_at DATETIME(6) NULL,
  PRIMARY KEY (seq),
  -- What waits to be sent stands at its front, however long the log grows.
  KEY unsent (sent_at, seq)
) ENGINE = InnoDB;

-- What was done, so that it is not done twice.
CREATE TABLE inbox (
  consumer VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_id BINARY(16) NOT NULL,
  processed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (consumer, message_id),
  KEY processed_at (processed_at)
) ENGINE = InnoDB;

-- How far a reaction that only wants the newest has come with each aggregate.
CREATE TABLE inbox_versions (
  consumer VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  aggregate_id BINARY(16) NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (consumer, aggregate_id)
) ENGINE = InnoDB;

-- What could not be done yet and is tried again, for a day at most. The whole message, since the broker has let go of it.
CREATE TABLE inbox_retries (
  consumer VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_id BINARY(16) NOT NULL,
  aggregate_id BINARY(16) NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  message MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL,
  user_id BINARY(16) NULL,
  trace_parent VARCHAR(55) CHARACTER SET ascii COLLATE ascii_bin NULL,
  attempts INT NOT NULL,
  first_failed_at DATETIME(6) NOT NULL,
  next_at DATETIME(6) NOT NULL,
  error VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (consumer, message_id),
  KEY due (consumer, next_at),
  KEY in_order (consumer, aggregate_id, version)
) ENGINE = InnoDB;
