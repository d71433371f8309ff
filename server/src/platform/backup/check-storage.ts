/** Looks whether every table and index of a restored database is whole, with PostgreSQL's own checker (amcheck). */
import type pg from "pg";
import { withClient } from "../provision/roles.js";

/**
 * Checks all tables, and all indexes against their tables. It adds an extension: for scratch databases only.
 * @param superuser of the database to check
 * @returns what is wrong, one sentence each
 */
export async function checkStorage(superuser: pg.ClientConfig): Promise<string[]> {
  return withClient(superuser, async (client) => {
    await client.query("create extension if not exists amcheck");
    const { rows } = await client.query<{ name: string; id: number; kind: string }>(
      `select c.oid::regclass::text as name, c.oid as id, coalesce(a.amname, 'heap') as kind
       from pg_class c left join pg_am a on a.oid = c.relam
       where c.relkind in ('r', 'm', 't', 'i') and c.relpersistence = 'p' order by c.oid`,
    );
    const problems: string[] = [];
    for (const { name, id, kind } of rows) {
      const check = CHECKS.get(kind);
      if (check === undefined) continue;
      try {
        const found = await client.query<{ problem: string | null }>(check, [id]);
        for (const { problem } of found.rows) if (problem) problems.push(`${name}: ${problem}`);
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : error}`);
      }
    }
    return problems;
  });
}

const CHECKS: ReadonlyMap<string, string> = new Map([
  ["heap", "select msg as problem from verify_heapam($1::oid)"],
  ["btree", "select bt_index_check($1::oid, heapallindexed => true)::text as problem"],
  ["gin", "select gin_index_check($1::oid)::text as problem"],
]);
