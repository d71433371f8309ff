-- The domain or page by which a claim was proven.
alter table claims add column proven_by text;
alter table claims add column proven_place text;
