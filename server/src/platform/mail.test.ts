import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { openMailer } from "./mail.js";

const toClose: (() => void)[] = [];
after(() => {
  for (const close of toClose) close();
});
function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "openmolt-mail-"));
  toClose.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const from = "OpenMolt <noreply@example.org>";
const mail = {
  to: "jo@example.org",
  subject: "Claim your agent",
  text: "Open this:\nhttp://localhost:3000/claim/abc?x=1\nBye",
};
const never = (text: string): never => assert.fail(`announced ${text}`);

interface Received {
  to: string[];
  raw: string;
  user: unknown;
}

/** A real SMTP server on a port of its own, without TLS. */
async function smtp(options: SMTPServerOptions = {}): Promise<{ host: string; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ to, raw: Buffer.concat(chunks).toString(), user: session.user });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  toClose.push(() => server.close());
  return { host: `127.0.0.1:${(server.server.address() as AddressInfo).port}`, received };
}

test("a mail goes to its one recipient over SMTP, and nothing is kept or shown", async () => {
  const { host, received } = await smtp();
  const outboxDir = join(tempDir(), "outbox");
  await openMailer({ smtpUrl: `smtp://${host}`, from, outboxDir, announce: never }).send(mail);
  assert.equal(received.length, 1);
  assert.deepEqual(received[0]?.to, ["jo@example.org"]);
  const raw = received[0]?.raw ?? "";
  assert.match(raw, /^From: OpenMolt <noreply@example\.org>\r$/m);
  assert.match(raw, /^To: jo@example\.org\r$/m);
  assert.match(raw, /^Subject: Claim your agent\r$/m);
  assert.match(raw, /^Auto-Submitted: auto-generated\r$/m);
  assert.match(raw, /http:\/\/localhost:3000\/claim\/abc\?x=1/);
  assert.throws(() => statSync(outboxDir), /ENOENT/);
});

test("logs in where the URL has a password", async () => {
  const { host, received } = await smtp({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === "us er" && password === "p:w" ? done(null, { user: username }) : done(new Error("no")),
  });
  const outboxDir = tempDir();
  await openMailer({ smtpUrl: `smtp://us%20er:p%3Aw@${host}`, from, outboxDir, announce: never }).send(mail);
  assert.equal(received[0]?.user, "us er");
  const wrong = openMailer({ smtpUrl: `smtp://user:hunter2@${host}`, from, outboxDir, announce: never });
  await assert.rejects(
    wrong.send(mail),
    (error) => error instanceof Error && /EAUTH 535/.test(error.message) && !/hunter2/.test(String(error.stack)),
  );
});

test("a password is not sent in clear to another machine", async () => {
  const { host, received } = await smtp({
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(null, { user: "x" }),
  });
  const announce = never;
  const url = `smtp://user:pass@0.0.0.0:${host.split(":")[1]}`;
  await assert.rejects(
    openMailer({ smtpUrl: url, from, outboxDir: tempDir(), announce }).send(mail),
    /did not take the mail/,
  );
  assert.equal(received.length, 0);
  await openMailer({ smtpUrl: `${url}?requireTLS=false`, from, outboxDir: tempDir(), announce }).send(mail);
  assert.equal(received.length, 1);
});

test("fails when the server refuses, breaks off or is not there, and names no recipient", async () => {
  const refusing = await smtp({
    onRcptTo: ({ address }, _session, done) =>
      done(Object.assign(new Error(`${address} is unknown`), { responseCode: 550 })),
  });
  const rude = createServer((socket) => socket.on("error", () => {}).destroy());
  await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
  const port = (rude.address() as AddressInfo).port;
  const send = (host: string) =>
    openMailer({ smtpUrl: `smtp://${host}`, from, outboxDir: tempDir(), announce: never }).send(mail);
  const says = (expected: RegExp) => (error: unknown) =>
    error instanceof Error &&
    expected.test(error.message) &&
    !/jo@|127/.test(error.message) &&
    error.cause === undefined;
  await assert.rejects(send(refusing.host), says(/\(EENVELOPE 550\)/));
  await assert.rejects(send(`127.0.0.1:${port}`), says(/did not take/));
  await new Promise((resolve) => rude.close(resolve));
  await assert.rejects(send(`127.0.0.1:${port}`), says(/\(E\w+\)/));
});

test("nothing in a mail can add a recipient or a header", async () => {
  const { host, received } = await smtp();
  const outboxDir = tempDir();
  const overSmtp = openMailer({ smtpUrl: `smtp://${host}`, from, outboxDir, announce: never });
  const kept = openMailer({ from, outboxDir, announce: () => {} });
  for (const to of [
    "",
    "jo",
    "a@b.co, c@d.co",
    "a@b.co;c@d.co",
    "a@b.co\r\nBcc: c@d.co",
    "Jo <a@b.co>",
    '"a b"@c.co',
    "a@b@c",
    "a@b.co\0",
    `${"a".repeat(65)}@b.co`,
  ]) {
    await assert.rejects(overSmtp.send({ ...mail, to }), /not one plain mail address/, to);
    await assert.rejects(kept.send({ ...mail, to }), /not one plain mail address/, to);
  }
  assert.deepEqual(readdirSync(outboxDir), []);
  await overSmtp.send({ ...mail, subject: "x\r\nBcc: c@d.co\r\n\r\nbody" });
  assert.deepEqual(received[0]?.to, ["jo@example.org"]);
  assert.doesNotMatch(received[0]?.raw ?? "", /^Bcc/m);
});

test("without SMTP the link is shown and the mail kept for the operator alone", async () => {
  const outboxDir = join(tempDir(), "deep", "outbox");
  const shown: string[] = [];
  await openMailer({ from, outboxDir, announce: (text) => shown.push(text) }).send(mail);
  const [name, ...more] = readdirSync(outboxDir);
  assert.ok(name !== undefined && more.length === 0);
  const path = join(outboxDir, name);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(outboxDir).mode & 0o777, 0o700);
  const content = readFileSync(path, "utf8");
  assert.match(
    content,
    /^From: OpenMolt <noreply@example\.org>\nTo: jo@example\.org\nDate: .+\nSubject: Claim your agent\n\nOpen this:\n/,
  );
  assert.equal(shown.length, 1);
  assert.match(
    shown[0] ?? "",
    /^Mail for j…@example\.org, "Claim your agent": http:\/\/localhost:3000\/claim\/abc\?x=1\n/,
  );
  assert.ok(shown[0]?.includes(path));
  assert.ok(!shown[0]?.includes("jo@"));
});

test("what is shown cannot steer the terminal", async () => {
  const shown: string[] = [];
  await openMailer({ from, outboxDir: tempDir(), announce: (text) => shown.push(text) }).send({
    ...mail,
    subject: "a\x1b[2J\u202eb\nc",
    text: "http://x.y/\x1b[31mz",
  });
  assert.doesNotMatch((shown[0] ?? "").replace("\n  no SMTP", ""), /[\p{Cc}\p{Cf}]/u);
});

test("kept mails go after 15 minutes: at the start, at the next mail, and in between; other files stay", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const outboxDir = tempDir();
  const age = (minutes: number): void => {
    const then = Date.now() / 1000 - minutes * 60;
    for (const name of readdirSync(outboxDir)) utimesSync(join(outboxDir, name), then, then);
  };
  writeFileSync(join(outboxDir, "notes.txt"), "mine");
  const open = () => openMailer({ from, outboxDir, announce: () => {} });
  const mailer = open();
  await mailer.send(mail);
  age(14.9);
  await mailer.send(mail);
  assert.equal(readdirSync(outboxDir).length, 3);
  age(15.1);
  await mailer.send(mail);
  assert.equal(readdirSync(outboxDir).length, 2);
  age(15.1);
  t.mock.timers.tick(60_000);
  assert.deepEqual(readdirSync(outboxDir), ["notes.txt"]);
  await mailer.send(mail);
  age(15.1);
  open();
  assert.deepEqual(readdirSync(outboxDir), ["notes.txt"]);
});

test("a malformed SMTP URL is refused at once and not repeated", () => {
  for (const smtpUrl of ["", "example.org", "http://user:secret@example.org", "smtp://", "user:secret@host"]) {
    assert.throws(
      () => openMailer({ smtpUrl, from, outboxDir: tempDir(), announce: never }),
      (error) => error instanceof Error && /must be given as smtp/.test(error.message) && !/secret/.test(error.message),
      smtpUrl,
    );
  }
});
