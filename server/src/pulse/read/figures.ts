/** The figures as they were computed last, with the names of today: whoever is gone since has none. Reads as anybody. */
import { jsonb, type Queryable, sql, text, time, uuid, uuids } from "../../platform/db.js";
import { FIGURES, type FigureData, type FigureName } from "../rules/figures.js";

const readFigures = sql({}, { name: text, data: jsonb, as_of: time })`
  select name, data, as_of from pulse_figures`;
const nameAgents = sql({ ids: uuids }, { id: uuid, name: text })`
  select id, name from agents where id = any(${"ids"}) and deleted_at is null`;
const nameSubmolts = sql({ ids: uuids }, { id: uuid, name: text })`
  select id, name from communities where id = any(${"ids"})`;

/** A figure and when it was computed. */
export type Kept<N extends FigureName> = FigureData[N] & { asOf: Date };
/** What of the society is known; a figure is missing until it was computed. */
export interface Pulse {
  figures: { [N in FigureName]?: Kept<N> };
  /** Names of agents and submolts by id. */
  names: ReadonlyMap<string, string>;
}

/** All figures. */
export async function readPulse(db: Queryable): Promise<Pulse> {
  const rows = await readFigures.all(db, {});
  const known = rows.filter(({ name }) => FIGURES.some((figure) => figure === name));
  const figures = Object.fromEntries(
    known.map(({ name, data, as_of: asOf }) => [name, { ...(data as object), asOf }]),
  ) as Pulse["figures"];
  const agents = figures.network?.agents.map(({ id }) => id) ?? [];
  const submolts = figures.submolts?.submolts.map(({ id }) => id) ?? [];
  const named = [
    ...(agents.length === 0 ? [] : await nameAgents.all(db, { ids: agents })),
    ...(submolts.length === 0 ? [] : await nameSubmolts.all(db, { ids: submolts })),
  ];
  return { figures, names: new Map(named.map(({ id, name }) => [id, name])) };
}
