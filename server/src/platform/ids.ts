/** Ids of rows. They are made here, never by the database, and sort by the time they were made. */
import { v5, v7, validate } from "uuid";

/** A new UUIDv7 in lower case. Within one process each is greater than the one before. */
export function newId(): string {
  return v7();
}

/** Whether a text is a UUID of any version, upper or lower case, with its hyphens and nothing around it. */
export function isUuid(text: string): boolean {
  return validate(text);
}

/**
 * The UUIDv5 of a name: the same namespace and name always give the same id.
 * @param namespace a UUID
 * @throws TypeError when the namespace is no UUID
 */
export function nameId(namespace: string, name: string): string {
  return v5(name, namespace);
}
