-- Pages say which texts are signed; the signatures themselves are read through the API.
grant select (subject_id, version) on signed_writes to reader;
