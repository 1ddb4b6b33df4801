-- add posts.slug, first step: a nullable column
-- revision: 6f1a2b3c4d36
-- down_revision: 5e7c3d90be25

-- migrate:up
ALTER TABLE posts ADD COLUMN slug VARCHAR(220);

-- migrate:down
ALTER TABLE posts DROP COLUMN slug;
