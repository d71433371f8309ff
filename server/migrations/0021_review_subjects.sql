-- What is reviewed may have a name instead of a UUID: a signing key has its thumbprint.
alter table access_review_marks alter column subject_id type text;
