-- A person has one account for all studios: these tables belong to no studio.
CREATE TABLE users (
    id            BINARY(16)   NOT NULL,
    email         VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    role          VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    first_name    VARCHAR(100) NOT NULL,
    last_name     VARCHAR(100) NOT NULL,
    created_at    DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY users_by_email (email)
);

-- Every sign-in is a session; its id is the `sid` of the tokens it is given.
CREATE TABLE sessions (
    id         BINARY(16)   NOT NULL,
    user_id    BINARY(16)   NOT NULL,
    user_agent VARCHAR(255) NOT NULL,
    created_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    KEY sessions_of_a_user (user_id, created_at)
);

-- Tokens are signed with the newest generation. Older ones stay published: nothing retires a key before there is rotation.
CREATE TABLE signing_keys (
    generation  INT            NOT NULL,
    id          BINARY(16)     NOT NULL,
    private_key VARBINARY(512) NOT NULL,
    created_at  DATETIME(6)    NOT NULL,
    PRIMARY KEY (generation)
);

-- Who has been heard of through the broker, and how often: once, whatever is redelivered.
CREATE TABLE welcomes (
    user_id     BINARY(16)  NOT NULL,
    welcomed_at DATETIME(6) NOT NULL,
    times       INT         NOT NULL,
    PRIMARY KEY (user_id)
);
