/** TXT records, asked of the name servers of the process. */
import dns from "node:dns/promises";

/** The TXT records of a name; none when it has none or no server answers in time. */
export async function txtRecords(name: string, timeoutMs: number): Promise<string[]> {
  const late = new Promise<string[][]>((resolve) => {
    setTimeout(() => resolve([]), timeoutMs).unref();
  });
  const records = await Promise.race([dns.resolveTxt(name).catch(() => []), late]);
  return records.map((parts) => parts.join(""));
}
