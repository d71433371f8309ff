/** What every handler may use: settings, clock, database, secrets, limits, background work. */
import type { JWK } from "jose";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Config } from "../config.js";
import type { Activity } from "./activity.js";
import type { Admission } from "./admission.js";
import type { Background } from "./background.js";
import type { ChallengeSource } from "./challenge-text.js";
import type { Clock } from "./clock.js";
import type { Envelopes } from "./envelopes/envelope-keys.js";
import type { MicroCache } from "./http/micro-cache.js";
import type { SharedAnswer } from "./http/rendition.js";
import type { Shortcuts } from "./http/shortcuts.js";
import type { KnownKeys } from "./known-keys.js";
import type { AccessLedger } from "./ledger/access-ledger.js";
import type { RequestLimits } from "./limits.js";
import type { Mailer } from "./mail.js";
import type { Outage } from "./outage.js";
import type { Proofs } from "./proof/proofs.js";
import type { Vault } from "./secrets.js";
import type { Simulation } from "./simulation.js";
import type { Texts } from "./texts.js";

/** The parts a running server is made of. */
export interface Services {
  config: Config;
  clock: Clock;
  log: Logger;
  /** Told whenever the database cannot be used. */
  outage: Outage;
  /** The `app` login: reads and writes under row-level security. */
  app: Pool;
  /** The `reader` login: public columns only, read-only. */
  reader: Pool;
  vault: Vault;
  /** Keeps the vault's envelope keys up to date. */
  envelopes: Envelopes;
  knownKeys: KnownKeys;
  /** What agents must show beside their keys. */
  proofs: Proofs;
  /** Signs identity tokens. */
  signingKey: JWK;
  limits: RequestLimits;
  /** Who is let in, and when. */
  admission: Admission;
  /** Answers that everybody gets, for a moment. */
  cache: MicroCache<SharedAnswer>;
  /** How anybody finds them by URL. */
  shortcuts: Shortcuts;
  /** Texts as JSON, by id: they change so rarely that only their version is asked for. */
  texts: Texts;
  mailer: Mailer;
  background: Background;
  activity: Activity;
  /** What was done with whose keys. */
  ledger: AccessLedger;
  /** The simulated society that lives here, if one does. */
  simulation?: Simulation;
  /** Makes verification challenges. */
  nextChallenge: ChallengeSource;
}
