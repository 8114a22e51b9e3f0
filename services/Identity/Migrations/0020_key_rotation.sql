-- A key is published for a while before it signs: whoever verifies has read it by then.
ALTER TABLE signing_keys
    ADD COLUMN signs_from DATETIME(6) NULL;

UPDATE signing_keys SET signs_from = created_at;

ALTER TABLE signing_keys
    MODIFY signs_from DATETIME(6) NOT NULL;
