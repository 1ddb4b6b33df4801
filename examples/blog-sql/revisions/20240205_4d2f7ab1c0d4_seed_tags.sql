-- seed tags
-- revision: 4d2f7ab1c0d4
-- down_revision: 3c4fcf098815

-- migrate:up
INSERT INTO tags (id, name) VALUES (1, '{{ vars.first_tag }}');
INSERT INTO tags (id, name) VALUES (2, 'how-to');
INSERT INTO tags (id, name) VALUES (3, 'it''s new');

-- migrate:down
DELETE FROM tags WHERE name IN ('{{ vars.first_tag }}', 'how-to', 'it''s new');
