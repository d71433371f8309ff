/** A real SMTP server for tests, which keeps what it was given and lets a test wait for the next mail. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail as it arrived. */
export interface ReceivedMail {
  to: string;
  subject: string;
  /** Headers and body, decoded. */
  text: string;
}

/** A mailbox for everybody. */
export interface Mailbox {
  /** For SMTP_URL. */
  url: string;
  /** Everything that arrived, in order. */
  mails: ReceivedMail[];
  /** The next mail that has not been taken yet; waits for it. Not one that says what was refused: those come when they come. */
  next(): Promise<ReceivedMail>;
  /** The next mail that says that a dead key is used or a sign-in was refused. */
  nextRefusal(): Promise<ReceivedMail>;
  /** The path of the one-time link in the next mail. */
  nextLink(): Promise<string>;
  /** While set, mails are refused with a temporary error. */
  refuse: boolean;
  /** How often a mail was refused. */
  refused: number;
  close(): Promise<void>;
}

/** Starts a mailbox on a port of its own. */
export async function startMailbox(): Promise<Mailbox> {
  const [ordinary, refusals] = [trayOf(), trayOf()];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    onRcptTo: (_address, _session, done) => {
      if (!mailbox.refuse) return done();
      mailbox.refused++;
      done(Object.assign(new Error("not now"), { responseCode: 451 }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString("latin1");
        const text = decode(raw);
        const mail = {
          to: session.envelope.rcptTo.map(({ address }) => address).join(),
          subject: inWords(/^Subject: (.*(?:\r\n[ \t].*)*)$/m.exec(raw)?.[1] ?? ""),
          text,
        };
        mailbox.mails.push(mail);
        (REFUSAL.test(mail.subject) ? refusals : ordinary).put(mail);
        done();
      });
    },
  });
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const mailbox: Mailbox = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails: [],
    refuse: false,
    refused: 0,
    next: ordinary.next,
    nextRefusal: refusals.next,
    nextLink: async () => linkIn((await ordinary.next()).text),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return mailbox;
}

const REFUSAL = /^(?:A dead key of |A sign-in as you was refused)/;

function trayOf() {
  const waiting: ((mail: ReceivedMail) => void)[] = [];
  const unread: ReceivedMail[] = [];
  return {
    put: (mail: ReceivedMail) => {
      const taker = waiting.shift();
      if (taker) taker(mail);
      else unread.push(mail);
    },
    next: () => {
      const mail = unread.shift();
      return mail ? Promise.resolve(mail) : new Promise<ReceivedMail>((resolve) => waiting.push(resolve));
    },
  };
}

/** The path of the one-time link in a text. */
export function linkIn(text: string): string {
  const link = /https?:\/\/\S+\/confirm\/\w+/.exec(text)?.[0];
  if (!link) throw new Error("The mail holds no link");
  return new URL(link).pathname;
}

function decode(raw: string): string {
  if (!/^Content-Transfer-Encoding: quoted-printable/im.test(raw)) return raw;
  return unquoted(raw.replace(/=\r\n/g, ""));
}

/** What quoted-printable stands for. */
function unquoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** A header as it is read: over one line, its encoded words (RFC 2047) decoded. */
function inWords(header: string): string {
  return header
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/\s*\r\n\s+/g, " ")
    .replaceAll(/=\?utf-8\?([qb])\?(.*?)\?=/gi, (_, form: string, word: string) =>
      form.toLowerCase() === "b" ? Buffer.from(word, "base64").toString("utf8") : unquoted(word.replaceAll("_", " ")),
    )
    .trim();
}
