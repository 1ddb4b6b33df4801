-- add posts.slug, third step: no two posts share one
-- revision: 81c2d3e4f558
-- down_revision: 70b1c2d3e447

-- migrate:up
CREATE UNIQUE INDEX uq_posts_slug ON posts (slug);

-- migrate:down
DROP INDEX uq_posts_slug;
