/** Pictures at rest. A row never changes: a new picture is a new row under a new id, and the old row goes. */
import { bytes, type Queryable, sql, text, time, uuid } from "./db.js";
import { newId } from "./ids.js";

const insertMedia = sql({ id: uuid, bytes, now: time }, {})`
  insert into media (id, mime, bytes, created_at) values (${"id"}, 'image/webp', ${"bytes"}, ${"now"})`;
const deleteRow = sql({ id: uuid }, {})`delete from media where id = ${"id"}`;
const findRow = sql({ id: uuid }, { mime: text, bytes })`select mime, bytes from media where id = ${"id"}`;

/**
 * Keeps a picture that was written anew as WebP.
 * @returns its id
 */
export async function storePicture(tx: Queryable, webp: Buffer, now: Date): Promise<string> {
  const id = newId();
  await insertMedia.run(tx, { id, bytes: webp, now });
  return id;
}

/** Deletes a picture that nothing shows any more; null is no picture. */
export async function deletePicture(tx: Queryable, id: string | null): Promise<void> {
  if (id !== null) await deleteRow.run(tx, { id });
}

/** A picture by id, or undefined. */
export function findPicture(db: Queryable, id: string): Promise<{ mime: string; bytes: Buffer } | undefined> {
  return findRow.maybe(db, { id });
}

/** The address of a picture. */
export function pictureUrl(publicUrl: string, id: string): string {
  return `${publicUrl}/media/${id}.webp`;
}
