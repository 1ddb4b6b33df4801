-- create comments
-- revision: 92d3e4f5a669
-- down_revision: 81c2d3e4f558

-- migrate:up
CREATE TABLE comments (
    id BIGSERIAL,
    post_id BIGINT NOT NULL,
    author_id INTEGER,
    body TEXT NOT NULL,
    score NUMERIC(6, 2) NOT NULL DEFAULT 0,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT pk_comments PRIMARY KEY (id),
    CONSTRAINT fk_comments_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_comments_post_id_posts FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE
);

CREATE INDEX ix_comments_post_id ON comments (post_id);
CREATE INDEX ix_comments_author_id ON comments (author_id);

{% if dialect.name == "postgresql" %}
COMMENT ON COLUMN comments.body IS 'Markdown';
{% endif %}

-- migrate:down
DROP INDEX ix_comments_author_id;
DROP INDEX ix_comments_post_id;
DROP TABLE comments;
