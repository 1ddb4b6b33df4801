-- create posts
-- revision: 2b7e15162a3c
-- down_revision: 1f0c2a9d4e11

-- migrate:up
CREATE TABLE posts (
    id BIGSERIAL,
    author_id INTEGER NOT NULL,
    title VARCHAR(200) NOT NULL,
    body TEXT NOT NULL,
    published BOOLEAN NOT NULL DEFAULT false,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT pk_posts PRIMARY KEY (id),
    CONSTRAINT ck_posts_title CHECK (length(title) > 0),
    CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_posts_author_id ON posts (author_id);

-- migrate:down
DROP INDEX ix_posts_author_id;
DROP TABLE posts;
