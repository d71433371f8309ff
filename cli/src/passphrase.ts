/** Passphrases: from the settings, or typed unseen on a terminal; never an argument, which others could read. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Fewer characters can be found by trying. */
const SHORTEST = 12;

/**
 * The passphrase to encrypt or open with.
 * @param given the one from the settings
 * @param isNew whether it is chosen now: then it must be long enough, and is asked for twice
 * @throws Error when there is none, it is too short or the second one differs
 */
export async function passphraseOf(given: string | undefined, isNew: boolean): Promise<string> {
  const passphrase = given ?? (await ask("Passphrase: "));
  if (!isNew) return passphrase;
  if (passphrase.length < SHORTEST) throw new Error(`The passphrase needs at least ${SHORTEST} characters.`);
  if (given === undefined && (await ask("The same again: ")) !== passphrase) throw new Error("The two differ.");
  return passphrase;
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Error("Set OPENMOLT_EXPORT_PASSPHRASE or OPENMOLT_EXPORT_PASSPHRASE_FILE, or type it on a terminal.");
  }
  return askUnseen(question);
}

/** Asks for a line on the terminal without showing what is typed. */
export async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
