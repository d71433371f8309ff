/** Who runs the network. */
import type { OperatorRole } from "@openmolt/contract/endpoint";
import { bool, int4, nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { OperatorCall } from "../../platform/http/call.js";

const findOperators = sql(
  {},
  {
    id: uuid,
    name: text,
    role: text,
    is_console: bool,
    created_at: time,
    last_seen_at: nullable(time),
    passkeys: int4,
  },
)`select o.id, o.name, o.role, o.is_console, o.created_at, o.last_seen_at,
    (select count(*)::int from passkeys p where p.operator_id = o.id) as passkeys
  from operators o where o.removed_at is null order by o.created_at, o.id limit 200`;

/** An operator as the others see them. */
export interface OperatorView {
  id: string;
  name: string;
  role: OperatorRole;
  /** The account of whoever opens the link on the console. */
  isConsole: boolean;
  createdAt: Date;
  lastSignInAt: Date | null;
  passkeys: number;
}

/** All operators, the first one first; the transaction acts as the server. */
export async function allOperators({ db }: OperatorCall): Promise<OperatorView[]> {
  return (await findOperators.all(db, {})).map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role as OperatorRole,
    isConsole: row.is_console,
    createdAt: row.created_at,
    lastSignInAt: row.last_seen_at,
    passkeys: row.passkeys,
  }));
}
