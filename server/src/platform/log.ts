/** The log: JSON lines for machines; on a terminal, plain lines that a person can read. */
import { type Logger, pino } from "pino";
import type { LogFormat } from "../config.js";

/** What pino tells about one message, as far as a person wants to see it. */
interface Entry {
  level: number;
  time: number;
  msg?: string;
  route?: string;
  request_id?: string;
  err?: { message?: string; stack?: string };
}

/** Opens the log on standard output. */
export function openLog({ logLevel, logFormat }: { logLevel: string; logFormat: LogFormat }): Logger {
  if (logFormat === "json") return pino({ level: logLevel });
  return pino({ level: logLevel }, { write: (line) => void process.stdout.write(`${readable(JSON.parse(line))}\n`) });
}

/** A message as a person reads it; times are this machine's. News is plain, trouble carries its time and level. */
export function readable({ level, time, msg = "", route, request_id, err }: Entry): string {
  if (level === pino.levels.values.info && err === undefined) return `  ${clean(msg)}`;
  const name = pino.levels.labels[level] ?? "log";
  const about = [route, request_id].filter((part) => part !== undefined).join(", ");
  // A bug needs its stack; what is merely away does not.
  const detail = level >= 50 ? (err?.stack ?? err?.message) : err?.message;
  const text = `${msg}${about === "" ? "" : ` (${about})`}${detail === undefined ? "" : `: ${detail}`}`;
  return `  ${new Date(time).toTimeString().slice(0, 8)} ${name}: ${clean(text).replaceAll("\n", "\n    ")}`;
}

/** Nothing that is told may steer the terminal. */
function clean(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, " ");
}
