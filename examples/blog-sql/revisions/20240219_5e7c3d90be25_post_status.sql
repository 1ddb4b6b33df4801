-- post status
-- revision: 5e7c3d90be25
-- down_revision: 4d2f7ab1c0d4

-- migrate:up
ALTER TABLE posts ADD COLUMN status VARCHAR(9) NOT NULL DEFAULT 'draft';
UPDATE posts SET status = 'published' WHERE published;

-- migrate:down
ALTER TABLE posts DROP COLUMN status;
