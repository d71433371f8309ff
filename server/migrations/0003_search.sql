-- One index answers every search. Beside its words a document has marks: its kind, its submolt, its author, and when it
-- was written, in stretches of time of several lengths. Asking for a word together with marks costs what the rarer of the
-- two costs, so the newest texts with a word are found without reading the older ones.

-- A stretch of 2^size seconds, as a number; those of one size that follow each other have numbers that do, too.
create function search_stretch(size integer, t timestamptz) returns bigint language sql immutable parallel safe
  return (size::bigint << 40) + (extract(epoch from t at time zone 'UTC')::bigint >> size);

-- Kind, submolt and author, as far as they are given.
create function search_scope(kind text, community_id uuid, author_id uuid) returns bigint[] language sql immutable parallel safe
  return array_remove(array[case kind when 'post' then -1 when 'comment' then -2 end,
    uuid_hash_extended(community_id, 0), uuid_hash_extended(author_id, 0)], null);

create function search_marks(kind text, community_id uuid, author_id uuid, created_at timestamptz) returns bigint[]
  language sql immutable parallel safe
  return search_scope(kind, community_id, author_id) || array[search_stretch(8, created_at), search_stretch(12, created_at),
    search_stretch(16, created_at), search_stretch(20, created_at), search_stretch(24, created_at),
    search_stretch(28, created_at)];

-- The stretches that cover a time: of the shortest size of which sixteen are enough, otherwise of the longest.
create function search_window(since timestamptz, until timestamptz) returns bigint[] language sql immutable parallel safe
  return array(select generate_series(search_stretch(s.size, since), search_stretch(s.size, until)) from (
    select coalesce(min(size) filter (where search_stretch(size, until) - search_stretch(size, since) < 16), 28) as size
    from unnest(array[8, 12, 16, 20, 24, 28]) size) s);

drop index search_documents_tsv, search_documents_community, search_documents_author;
create index search_documents_words on search_documents
  using gin (tsv, search_marks(kind, community_id, author_id, created_at)) with (gin_pending_list_limit = 256);
