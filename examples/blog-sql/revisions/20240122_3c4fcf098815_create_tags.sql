-- create tags
-- revision: 3c4fcf098815
-- down_revision: 2b7e15162a3c

-- migrate:up
CREATE TABLE tags (
    id SERIAL,
    name VARCHAR(40) NOT NULL,
    CONSTRAINT pk_tags PRIMARY KEY (id),
    CONSTRAINT uq_tags_name UNIQUE (name)
);

CREATE TABLE post_tags (
    post_id BIGINT NOT NULL,
    tag_id INTEGER NOT NULL,
    CONSTRAINT pk_post_tags PRIMARY KEY (post_id, tag_id),
    CONSTRAINT fk_post_tags_post_id_posts FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT fk_post_tags_tag_id_tags FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
);

-- migrate:down
DROP TABLE post_tags;
DROP TABLE tags;
