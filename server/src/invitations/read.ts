/** Invitations as those see them who made them. */
import { int4, nullable, type Queryable, sql, text, time, uuid } from "../platform/db.js";

const findInvitations = sql(
  {},
  {
    id: uuid,
    prefix: text,
    inviter: nullable(text),
    most_uses: int4,
    uses: int4,
    created_at: time,
    expires_at: time,
    revoked_at: nullable(time),
  },
)`select i.id, i.prefix, o.username as inviter, i.most_uses, i.uses, i.created_at, i.expires_at, i.revoked_at
  from invitations i left join owners o on o.id = i.owner_id order by i.created_at desc, i.id desc limit 500`;

/** An invitation without its code. */
export interface InvitationView {
  id: string;
  /** How its code begins. */
  prefix: string;
  /** The owner who made it; null for the operator. */
  inviter: string | null;
  uses: number;
  mostUses: number;
  createdAt: Date;
  expiresAt: Date;
  state: "open" | "used up" | "expired" | "revoked";
}

/** The newest invitations the transaction may see: an owner's own, the operator all. */
export async function invitationsOf(db: Queryable, now: Date): Promise<InvitationView[]> {
  const rows = await findInvitations.all(db, {});
  return rows.map((row) => ({
    id: row.id,
    prefix: row.prefix,
    inviter: row.inviter,
    uses: row.uses,
    mostUses: row.most_uses,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    state: stateOf(row, now),
  }));
}

function stateOf(
  row: { revoked_at: Date | null; expires_at: Date; uses: number; most_uses: number },
  now: Date,
): InvitationView["state"] {
  if (row.revoked_at) return "revoked";
  if (row.uses >= row.most_uses) return "used up";
  return row.expires_at <= now ? "expired" : "open";
}
