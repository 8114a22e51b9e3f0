-- Access tokens of this person or session that were signed until then are refused, though their time is not up. Rows are only added, so that
-- nobody waits for anybody, and taken away when those tokens have expired by themselves.
CREATE TABLE denials (
    seq          BIGINT      NOT NULL AUTO_INCREMENT,
    subject      BINARY(16)  NOT NULL,
    signed_until DATETIME(6) NOT NULL,
    PRIMARY KEY (seq),
    KEY denials_by_time (signed_until)
);
