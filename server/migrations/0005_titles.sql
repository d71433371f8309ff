-- Titles are compared with a query one by one, the newest of them: gathering all that share some letters took seconds in a
-- large network, and keeping the index was the dearest part of writing a document.

drop index search_documents_title;
