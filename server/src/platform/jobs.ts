/**
 * Jobs: work that is tried again, with growing pauses, until it is done. A job is added in the transaction that wants it
 * and carries the id of a row, never text, addresses or links.
 */
import {
  Logger,
  type LogLevel,
  parseCronItems,
  type Runner,
  type RunnerOptions,
  run,
  type TaskList,
} from "graphile-worker";
import type { Pool } from "pg";
import type { Logger as Log } from "pino";
import { int4, int8, type Queryable, sql, text } from "./db.js";
import { isUuid } from "./ids.js";

/** The schema the queue's tables were migrated into. */
const JOB_SCHEMA = "graphile_worker";
/** Jobs at once; most of their time is waiting for other machines. */
const CONCURRENCY = 2;
/** How often the queue is looked at for what became due; what is added is heard of at once. In milliseconds. */
const POLL_MS = 2_000;

/** Pause before looking for work again after the queue gave up, as when the database went away. In milliseconds. */
const RESTART_MS = 5_000;

/** Does one job. Rejecting means: try again later. */
export type Task = (id: string) => Promise<void>;
/** Work that recurs, named by minute patterns as in a crontab. */
export interface Chore {
  name: string;
  /** Five fields: minute, hour, day, month, weekday. */
  at: string;
  run(): Promise<void>;
}

const insertJob = sql({ task: text, id: text, tries: int4 }, { id: int8 })`
  select j.id from graphile_worker.add_job(${"task"}, json_build_object('id', ${"id"}::text), max_attempts => ${"tries"}) j`;

/**
 * Adds a job to the caller's transaction: it runs after the commit, or never.
 * @param id the row the job is about
 * @param tries how often it is tried; the pauses grow from seconds to hours
 * @throws Error when `id` is anything but an id
 */
export async function addJob(tx: Queryable, task: string, id: string, tries: number): Promise<void> {
  if (!isUuid(id)) throw new Error("A job carries the id of a row and nothing else");
  await insertJob.one(tx, { task, id, tries });
}

type Work = Required<Pick<RunnerOptions, "taskList" | "parsedCronItems">>;

/** Runs the jobs of one process. */
export class Jobs {
  #runner: Runner | undefined;
  #restart: NodeJS.Timeout | undefined;
  #restarting: Promise<void> | undefined;
  #closed = false;

  /** @param pool connections of `app`; one of them listens for new jobs */
  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
  ) {}

  /** Starts looking for work. */
  async start(tasks: Readonly<Record<string, Task>>, chores: readonly Chore[]): Promise<void> {
    const taskList: TaskList = {};
    for (const [name, task] of Object.entries(tasks)) {
      taskList[name] = (payload) => task((payload as { id: string }).id);
    }
    for (const chore of chores) taskList[chore.name] = () => chore.run();
    const cron = parseCronItems(chores.map(({ name, at }) => ({ task: name, match: at })));
    await this.#run({ taskList, parsedCronItems: cron });
  }

  async #run(work: Work): Promise<void> {
    const runner = await run({
      ...work,
      pgPool: this.pool,
      schema: JOB_SCHEMA,
      concurrency: CONCURRENCY,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      // Only in batches is the end of a job waited for at the end, and a failure to write it down handled.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: new Logger(() => (level, message) => this.#note(level, message)),
    });
    this.#runner = runner;
    runner.promise.then(
      () => this.#runAgain(work),
      () => this.#runAgain(work),
    );
  }

  #runAgain(work: Work): void {
    if (this.#closed) return;
    this.#runner = undefined;
    this.#restart = setTimeout(() => {
      this.#restarting = this.#run(work).catch(() => this.#runAgain(work));
    }, RESTART_MS);
  }

  /** Takes no more jobs and waits for those that run; what they leave is found by the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    await this.#restarting;
    // It refuses when it has just stopped by itself.
    await this.#runner?.stop().catch(() => undefined);
  }

  #note(level: LogLevel | `${LogLevel}`, message: string): void {
    if (level === "error" || level === "warning") this.log.warn({ job: message }, "a job did not end well");
    else this.log.debug({ job: message }, "jobs");
  }
}
