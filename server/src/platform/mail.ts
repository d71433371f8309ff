/**
 * Mail to owners. With an SMTP server it is handed over or the sending fails; without one the operator gets it: its link
 * on the console, the whole of it as a private file for a quarter of an hour. Neither way does an error name a recipient.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTransport } from "nodemailer";

/** A mail in plain text to one recipient. */
export interface OutgoingMail {
  /** One bare address, such as jo@example.org. */
  to: string;
  subject: string;
  text: string;
}

/** Sends mail. */
export interface Mailer {
  /**
   * Resolves when the mail was taken by the SMTP server, or lies in the outbox.
   * @throws Error when it was not; trying again later is up to the caller. The message holds codes only.
   */
  send(mail: OutgoingMail): Promise<void>;
}

/** How long a mail without an SMTP server is kept for the operator, in milliseconds. */
const OUTBOX_LIFETIME_MS = 15 * 60_000;

/** How often the outbox is looked through for mails past their time, in milliseconds. */
const SWEEP_INTERVAL_MS = 60_000;

/** Longest wait for the SMTP server to connect, greet or answer, in milliseconds. */
const SMTP_TIMEOUT_MS = 15_000;

/** Files of the outbox; the sweep touches nothing else. */
const OUTBOX_FILE = /^mail-[0-9TZ-]+-[0-9a-f]{8}\.txt$/;

/** One plain address. Quoted local parts and lists are not taken, so that nothing can add a recipient or a header. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]{1,255}$/u;

/** Where mail goes. */
export interface MailerOptions {
  /** smtp://user:password@host:port or smtps://…; nodemailer's options may follow as a query. */
  smtpUrl?: string | undefined;
  /** The sender, such as OpenMolt <noreply@example.org>. */
  from: string;
  /** The directory of mails kept for the operator; made when needed. */
  outboxDir: string;
  /** Shows a line to the operator. */
  announce: (text: string) => void;
}

/**
 * Opens the way mail leaves by. Where the URL has a password, TLS is demanded unless the host is this machine or the URL
 * says ?requireTLS=false.
 * @throws Error when smtpUrl is no smtp or smtps URL; the message does not repeat it
 */
export function openMailer({ smtpUrl, from, outboxDir, announce }: MailerOptions): Mailer {
  sweepOutbox(outboxDir);
  return smtpUrl === undefined ? openOutbox(from, outboxDir, announce) : openSmtp(smtpUrl, from);
}

function openSmtp(smtpUrl: string, from: string): Mailer {
  const url = URL.canParse(smtpUrl) ? new URL(smtpUrl) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
    throw new Error("The SMTP server must be given as smtp://host:port or smtps://host:port.");
  }
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const transport = createTransport({
    url: smtpUrl,
    requireTLS: url.password !== "" && !local,
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ to, subject, text }) => {
      assertAddress(to);
      try {
        await transport.sendMail({
          from,
          to: { name: "", address: to },
          subject,
          text,
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (error) {
        throw new Error(`The SMTP server did not take the mail (${codesOf(error)}).`);
      }
    },
  };
}

/** Server answers quote addresses and sometimes credentials; their codes tell enough. */
function codesOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  const code = "code" in error && typeof error.code === "string" ? error.code : "unknown";
  return "responseCode" in error && typeof error.responseCode === "number" ? `${code} ${error.responseCode}` : code;
}

function openOutbox(from: string, dir: string, announce: (text: string) => void): Mailer {
  const sweep = (): void => {
    try {
      sweepOutbox(dir);
    } catch {
      // The next mail meets the same trouble and has somebody to tell.
    }
  };
  setInterval(sweep, SWEEP_INTERVAL_MS).unref();
  return {
    send: async ({ to, subject, text }) => {
      assertAddress(to);
      sweepOutbox(dir);
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      const now = new Date();
      const name = `mail-${now.toISOString().replaceAll(/[:.]/g, "-")}-${randomBytes(4).toString("hex")}.txt`;
      const path = join(dir, name);
      const head = `From: ${oneLine(from)}\nTo: ${to}\nDate: ${now.toUTCString()}\nSubject: ${oneLine(subject)}`;
      writeFileSync(path, `${head}\n\n${text}\n`, { mode: 0o600, flag: "wx" });
      const link = /https?:\/\/\S+/.exec(text)?.[0] ?? "(it holds no link)";
      announce(
        `Mail for ${masked(to)}, "${oneLine(subject)}": ${oneLine(link)}\n  no SMTP server is set; kept 15 minutes in ${path}`,
      );
    },
  };
}

function sweepOutbox(dir: string): void {
  for (const name of listed(dir)) {
    if (!OUTBOX_FILE.test(name)) continue;
    const path = join(dir, name);
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && Date.now() - made >= OUTBOX_LIFETIME_MS) rmSync(path, { force: true });
  }
}

function listed(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function assertAddress(to: string): void {
  if (!ADDRESS.test(to)) throw new Error("The recipient is not one plain mail address.");
}

/** Keeps text from ending its line or steering the operator's terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
}

function masked(to: string): string {
  return to.replace(/^(.)[^@]*/u, "$1…");
}
