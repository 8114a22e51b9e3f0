-- What a person's fields are encrypted with, besides the master key. Erasing a person takes the secret away, and with it every field.
CREATE TABLE person_keys (
  person_id  BINARY(16) NOT NULL PRIMARY KEY,
  secret     BINARY(32) NULL,
  created_at DATETIME(6) NOT NULL,
  erased_at  DATETIME(6) NULL
);
