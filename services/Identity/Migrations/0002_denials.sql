-- Access tokens of this person or session that were signed before are refused, though their time is not up.
CREATE TABLE denials (
    subject       BINARY(16)  NOT NULL,
    issued_before DATETIME(6) NOT NULL,
    PRIMARY KEY (subject)
);
