-- find published posts quickly
-- revision: a3e4f5061770
-- down_revision: 92d3e4f5a669

-- migrate:up
{% if dialect.name in ["mysql", "mariadb", "oracle"] -%}
CREATE INDEX ix_posts_published_created_at ON posts (status, created_at DESC);
{%- else -%}
CREATE INDEX ix_posts_published_created_at ON posts (created_at DESC) WHERE status = 'published';
{%- endif %}
ALTER TABLE posts DROP COLUMN published;

-- migrate:down
ALTER TABLE posts ADD COLUMN published BOOLEAN NOT NULL DEFAULT false;
DROP INDEX ix_posts_published_created_at;
