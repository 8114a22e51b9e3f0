-- E-mail on its way. The content is encrypted, and gone once the letter is sent or given up; due_at is when somebody tries (again).
CREATE TABLE letters (
    id         BINARY(16)   NOT NULL,
    content    MEDIUMBLOB   NULL,
    created_at DATETIME(6)  NOT NULL,
    due_at     DATETIME(6)  NULL,
    attempts   INT          NOT NULL,
    last_error VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    sent_at    DATETIME(6)  NULL,
    failed_at  DATETIME(6)  NULL,
    PRIMARY KEY (id),
    KEY letters_by_due (due_at)
);
