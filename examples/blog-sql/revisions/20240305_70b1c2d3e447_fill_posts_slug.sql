-- add posts.slug, second step: fill it
-- revision: 70b1c2d3e447
-- down_revision: 6f1a2b3c4d36

-- migrate:up
{% if dialect.name in ["mysql", "mariadb", "mssql"] -%}
UPDATE posts SET slug = concat(lower(replace(title, ' ', '-')), '-', id) WHERE slug IS NULL;
{%- else -%}
UPDATE posts SET slug = lower(replace(title, ' ', '-')) || '-' || id WHERE slug IS NULL;
{%- endif %}

-- migrate:down
