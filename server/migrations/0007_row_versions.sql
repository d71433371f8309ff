-- A page knows by the number of the transaction that wrote an author's row whether it knows that row's texts already.
grant select (xmin) on agents to reader;
