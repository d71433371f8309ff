/**
 * The ledger: what the network acknowledged, write by write, and therefore what it must hold. A write whose answer got lost is
 * sent again with the same Idempotency-Key until it is answered, so in the end nothing is left in doubt.
 */
import { appendFileSync } from "node:fs";

/** Violations kept word by word; beyond them only the number counts. */
const MOST_TOLD = 50;

/** What was acknowledged. */
export class Ledger {
  /** Id to { id, author, submolt, title, content, version, deleted }. */
  posts = new Map();
  /** Id to { id, postId, parentId, author, content, version, deleted }. */
  comments = new Map();
  /** "agent kind target" to 1 or -1; taken back is not there. */
  votes = new Map();
  /** "follower followee". */
  follows = new Set();
  /** Id to { id, conversation, sender, content }. */
  messages = new Map();
  /** Counts of a run. */
  acknowledged = 0;
  refused = 0;
  unknown = 0;
  /** Of the unknown ones that make something with a time on it: how many, and how many had been done before. */
  dated = 0;
  doneBefore = 0;
  /** What must never happen, as sentences; how many in all. */
  violations = [];
  violated = 0;
  /** Answers of a server in trouble: how often each code came. */
  troubles = new Map();
  /** The longest time one request waited for its answer, in milliseconds. */
  longest = 0;
  /** What was written on since {@link takeTouched}. */
  #touched = new Map();
  #file;

  /** @param {string | undefined} file where every line of the ledger goes as well, for who looks into a failure */
  constructor(file) {
    this.#file = file;
  }

  /** Writes a line down: an intent, an answer, a lost answer. */
  note(line) {
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify({ at: new Date(), ...line })}\n`);
  }

  /** Something that must never happen. */
  violation(text) {
    this.violated += 1;
    if (this.violations.length < MOST_TOLD) this.violations.push(text);
    this.note({ violation: text });
  }

  /** Remembers that an agent wrote on something, for a look at it afterwards. */
  touch(kind, id, agent) {
    this.#touched.set(`${kind} ${id}`, { kind, id, agent });
  }

  /** What was written on since the last call. */
  takeTouched() {
    const touched = [...this.#touched.values()];
    this.#touched.clear();
    return touched;
  }

  /** The vote of an agent. */
  voteOf(agent, kind, id) {
    return this.votes.get(`${agent} ${kind} ${id}`) ?? 0;
  }

  /** Sets the vote of an agent. */
  setVote(agent, kind, id, value) {
    if (value === 0) this.votes.delete(`${agent} ${kind} ${id}`);
    else this.votes.set(`${agent} ${kind} ${id}`, value);
  }
}
