-- E-mail that is still to be sent.
CREATE TABLE letters (
    id         BINARY(16)   NOT NULL,
    recipient  VARCHAR(254) NOT NULL,
    subject    VARCHAR(255) NOT NULL,
    text_body  TEXT         NOT NULL,
    html_body  TEXT         NOT NULL,
    created_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (id)
);
