/** Access reviews as files: a table for spreadsheets, or JSON whose digest anybody can compute again. */
import { csvOf } from "../../platform/csv.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { RawAnswer } from "../../platform/http/call.js";
import { COLUMNS, type DecidedRow } from "../rules/review.js";
import { openReview, reviewRecord } from "./review.js";

/** How a file is written. */
export type Format = "csv" | "json";

/** How to check a digest without asking us. */
const DIGEST = "SHA-256 over the bytes of salt, then review as canonical JSON (RFC 8785) in UTF-8";

/**
 * The review under way.
 * @throws AppError NOT_FOUND
 */
export async function openReviewFile(
  call: OwnerCall,
  input: { organisation_id?: string; format?: Format },
): Promise<RawAnswer> {
  const { scope, rows, revoked, decided, total } = await openReview(call, input.organisation_id);
  const name = `access-review-${call.now.toISOString().slice(0, 10)}`;
  const written = {
    network: call.services.config.publicUrl,
    scope: { type: scope.type, id: scope.id, name: scope.name },
    as_of: call.now.toISOString(),
    decided,
    total,
    rows: [...rows, ...revoked],
  };
  return file(name, input.format, rowsOf(written.rows), written);
}

/**
 * A review that was signed off.
 * @throws AppError NOT_FOUND
 */
export async function recordFile(call: OwnerCall, input: { review_id: string; format?: Format }): Promise<RawAnswer> {
  const { content, salt, digest } = await reviewRecord(call, input.review_id);
  const name = `access-review-signed-${content.signed_at.slice(0, 10)}`;
  return file(name, input.format, content.rows, { review: content, salt, digest, digest_of: DIGEST });
}

/** Undecided rows have no word for it. */
const rowsOf = (rows: readonly object[]) => rows as readonly Partial<DecidedRow>[];

function file(name: string, format: Format = "csv", rows: readonly Partial<DecidedRow>[], whole: object): RawAnswer {
  const type = format === "csv" ? "text/csv" : "application/json";
  const headers = {
    "content-type": `${type}; charset=utf-8`,
    "content-disposition": `attachment; filename="${name}.${format}"`,
    "cache-control": "no-store",
  };
  // Spreadsheets take a file for UTF-8 by its first bytes.
  return new RawAnswer(
    200,
    headers,
    format === "csv" ? `\ufeff${csvOf<Partial<DecidedRow>>(COLUMNS, rows)}` : `${JSON.stringify(whole, null, 2)}\n`,
  );
}
