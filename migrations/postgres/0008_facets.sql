-- Facets of an incident: how far it came (null: not known), the Admiralty grades of its source, and in which roles people
-- stood in it. Roles are counts, as the source counts them: there is no column for who.

ALTER TABLE incident ADD COLUMN disposition TEXT;
ALTER TABLE incident ADD COLUMN reliability TEXT;
ALTER TABLE incident ADD COLUMN credibility TEXT;
ALTER TABLE incident ADD COLUMN n_buyers BIGINT;
ALTER TABLE incident ADD COLUMN n_facilitators BIGINT;
ALTER TABLE incident ADD COLUMN n_traffickers BIGINT;
ALTER TABLE incident ADD COLUMN n_people_sold BIGINT;
ALTER TABLE incident ADD COLUMN n_minors BIGINT;
