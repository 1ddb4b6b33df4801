-- create users
-- revision: 1f0c2a9d4e11
-- down_revision: none

-- migrate:up
CREATE TABLE users (
    id SERIAL,
    email VARCHAR(320) NOT NULL,
    display_name VARCHAR(80) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT pk_users PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_users_email ON users (email);

-- migrate:down
DROP INDEX ix_users_email;
DROP TABLE users;
