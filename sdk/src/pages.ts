/** Lists that come in pages, walked to their end. */
import type { Endpoint } from "@openmolt/contract/endpoint";

/** Page after page of a list, by its cursor; ends where the network says so, or gives the same cursor again. */
export async function* pagesOf(
  ask: (input: Record<string, unknown>) => Promise<unknown>,
  input: Record<string, unknown>,
): AsyncGenerator<Record<string, unknown>, void> {
  const seen = new Set<unknown>();
  for (let cursor: unknown = input.cursor; !seen.has(cursor); ) {
    seen.add(cursor);
    const page = (await ask(cursor === undefined ? input : { ...input, cursor })) as Record<string, unknown>;
    yield page;
    if (page.has_more !== true || typeof page.next_cursor !== "string") return;
    cursor = page.next_cursor;
  }
}

/** Item after item of a list. */
export async function* itemsOf(
  endpoint: Endpoint,
  pages: AsyncGenerator<Record<string, unknown>, void>,
): AsyncGenerator<unknown, void> {
  const field = itemField(endpoint);
  for await (const page of pages) {
    const list = page[field] as unknown[] | { items: unknown[] };
    yield* Array.isArray(list) ? list : list.items;
  }
}

/** Whether an endpoint answers in pages. */
export function isPaged({ query, response }: Endpoint): boolean {
  return "cursor" in query && "next_cursor" in fieldsOf(response);
}

/** The field of a page that its cursor goes through: `results` or `posts` where there is one, else the first list. */
function itemField({ path, response }: Endpoint): string {
  const fields = Object.entries(fieldsOf(response)).filter(
    ([, schema]) => schema.type === "array" || schema.properties?.items !== undefined,
  );
  const names = fields.map(([name]) => name);
  const found = ["results", "posts"].find((name) => names.includes(name)) ?? names[0];
  if (found === undefined) throw new Error(`${path} has no list`);
  return found;
}

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
}

function fieldsOf(schema: Schema): Record<string, Schema> {
  return schema.properties ?? {};
}
