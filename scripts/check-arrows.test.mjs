/**
 * Plants one violation of each rule in a small clean tree and looks whether the check bites. Every rule must have its plant.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { NOUNS, ruleSet } from "./arrows/import-rules.mjs";
import { checkArrows } from "./check-arrows.mjs";

/** A house in miniature in which every arrow points the right way. */
const CLEAN = {
  "contract/src/comments.ts": `import { Type } from 'typebox';\nexport const Comment = Type.Object({});\n`,
  "sdk/src/client.ts": `import { Comment } from '@openmolt/contract/comments.js';\nexport const call = () => Comment;\n`,
  "agent/src/tools/table.ts": `import { call } from '@openmolt/sdk';\nexport const tools = [call];\n`,
  "agent/src/runner/loop.ts": `import { tools } from '../tools/table.js';\nexport const loop = () => tools;\n`,
  "cli/src/main.ts": `import { call } from '@openmolt/sdk';\nimport { loop } from '@openmolt/agent/runner/loop.js';\nimport { env } from './config.js';\ncall(); loop(); env();\n`,
  "cli/src/config.ts": `export const env = () => process.env.OPENMOLT_URL;\n`,
  "server/src/main.ts": `import './start.js';\n`,
  "server/src/start.ts": `import { app } from './app.js';\nimport { config } from './config.js';\nimport { pool } from './platform/db.js';\napp(config(), pool);\n`,
  "server/src/app.ts": `import fastify from 'fastify';\nimport { comments } from './comments/api.js';\nimport { page } from './web/post.js';\nimport { onPost } from './trust/on-event.js';\nexport const app = (...all: unknown[]) => [fastify(), comments, page, onPost, all];\n`,
  "server/src/config.ts": `export const config = () => process.env;\n`,
  "server/src/errors.ts": `import { Comment } from '@openmolt/contract/comments.js';\nexport class AppError extends Error { readonly c = Comment; }\n`,
  "server/src/platform/db.ts": `import pg from 'pg';\nexport const pool = new pg.Pool();\nexport const sql = (text: TemplateStringsArray, ...values: unknown[]) => ({ text, values });\n`,
  "server/src/platform/events.ts": `import { sql } from './db.js';\nexport const events = sql\`select id from events\`;\n`,
  "server/src/platform/http.ts": `import type { FastifyInstance } from 'fastify';\nexport const serve = (app: FastifyInstance) => app;\n`,
  "server/src/posts/rules.ts": `import { AppError } from '../errors.js';\nexport const assertCanPost = () => { throw new AppError(); };\n`,
  "server/src/posts/read.ts": `import { sql } from '../platform/db.js';\nexport const postById = () => sql\`select id from posts\`;\n`,
  "server/src/audit/write.ts": `import { sql } from '../platform/db.js';\nexport const record = () => sql\`insert into audit (id) values (1)\`;\n`,
  "server/src/comments/rules.ts": `import { assertCanPost } from '../posts/rules.js';\nexport const assertCanComment = () => assertCanPost();\n`,
  "server/src/comments/read.ts": `import { postById } from '../posts/read.js';\nimport { sql } from '../platform/db.js';\nexport const commentById = () => [postById(), sql\`select id from comments\`];\n`,
  "server/src/comments/write.ts": `// select a from b is a comment here\nimport { record } from '../audit/write.js';\nimport { commentById } from './read.js';\nimport { assertCanComment } from './rules.js';\nexport const postComment = () => { assertCanComment(); record(); return commentById(); };\n`,
  "server/src/comments/api.ts": `import { Comment } from '@openmolt/contract/comments.js';\nimport { serve } from '../platform/http.js';\nimport { commentById } from './read.js';\nimport { postComment } from './write.js';\nexport const comments = [Comment, serve, commentById, postComment, 'Select a post, then update it', 'delete from the list what you do not need? No: ask'];\n`,
  "server/src/comments/comments.test.ts": `import { call } from '@openmolt/sdk';\nimport { harness } from '../../test/harness.js';\nharness(call, 'select id from comments', process.env.CI);\n`,
  "server/src/trust/on-event.ts": `import { postById } from './read.js';\nexport const onPost = () => postById;\n`,
  "server/src/trust/read.ts": `import { commentById } from '../comments/read.js';\nexport const postById = commentById;\n`,
  "server/src/live/stream.ts": `import { events } from '../platform/events.js';\nexport const stream = () => events;\n`,
  "server/src/web/post.ts": `import { postById } from '../posts/read.js';\nimport { html } from 'hono/html';\nexport const page = () => html\`\${postById()}\`;\n`,
  "server/test/harness.ts": `import { app } from '../src/app.js';\nexport const harness = (...all: unknown[]) => [app, all];\n`,
};

/** One wrong file per rule: the rule it must break, where it stands, what it says. */
const PLANTS = [
  ["contract-imports-typebox-only", "contract/src/bad.ts", `import fs from 'node:fs';\nexport const x = fs;\n`],
  ["contract-stands-alone", "contract/src/bad.test.ts", `import { call } from '@openmolt/sdk';\ncall();\n`],
  ["sdk-imports-contract-only", "sdk/src/bad.ts", `import axios from 'axios';\nexport const x = axios;\n`],
  ["sdk-knows-contract-only", "sdk/src/bad.test.ts", `import { app } from '@openmolt/server/app.js';\napp();\n`],
  [
    "agent-never-imports-server",
    "agent/src/bad.ts",
    `import { app } from '@openmolt/server/app.js';\nexport const x = app;\n`,
  ],
  [
    "server-never-imports-sdk",
    "server/src/comments/write/bad.ts",
    `import { call } from '@openmolt/sdk';\nexport const x = call;\n`,
  ],
  [
    "server-imports-agent-tools-only",
    "server/src/platform/bad.ts",
    `import { loop } from '@openmolt/agent/runner/loop.js';\nexport const x = loop;\n`,
  ],
  ["nobody-imports-cli", "agent/src/bad.ts", `import 'openmolt/dist/main.js';\n`],
  [
    "packages-by-name",
    "sdk/src/bad.ts",
    `import { Comment } from '../../contract/src/comments.js';\nexport const x = Comment;\n`,
  ],
  [
    "no-tests-in-production",
    "server/src/platform/bad.ts",
    `import { harness } from '../../test/harness.js';\nexport const x = harness;\n`,
  ],
  [
    "no-cycle",
    "server/src/platform/bad.ts",
    `import { y } from './worse.js';\nexport const x = y;\n`,
    "server/src/platform/worse.ts",
    `import { x } from './bad.js';\nexport const y = () => x;\n`,
  ],
  ["nobody-imports-main", "server/src/jobs.ts", `import './main.js';\n`],
  ["only-the-start-imports-app", "server/src/jobs.ts", `import { app } from './app.js';\nexport const x = app;\n`],
  [
    "errors-import-contract-only",
    "server/src/errors.ts",
    `import { pool } from './platform/events.js';\nexport const AppError = Error;\nexport const x = pool;\n`,
  ],
  [
    "config-knows-no-noun",
    "server/src/config.ts",
    `import { postById } from './posts/read.js';\nexport const config = () => [process.env, postById];\n`,
  ],
  [
    "platform-knows-no-noun",
    "server/src/platform/bad.ts",
    `import { postById } from '../posts/read.js';\nexport const x = postById;\n`,
  ],
  [
    "only-http-files-know-fastify",
    "server/src/comments/write/bad.ts",
    `import type { FastifyRequest } from 'fastify';\nexport type X = FastifyRequest;\n`,
  ],
  [
    "mcp-goes-through-the-front-door",
    "server/src/mcp/bad.ts",
    `import { postById } from '../posts/read.js';\nexport const x = postById;\n`,
  ],
  [
    "only-mcp-knows-its-protocol",
    "server/src/posts/read/bad.ts",
    `import { McpServer } from '@modelcontextprotocol/server';\nexport const x = McpServer;\n`,
  ],
  [
    "only-sql-holders-know-the-database",
    "server/src/live/bad.ts",
    `import { pool } from '../platform/db.js';\nexport const x = pool;\n`,
  ],
  [
    "rules-are-pure",
    "server/src/comments/rules/bad.ts",
    `import { readFile } from 'node:fs/promises';\nexport const x = readFile;\n`,
  ],
  [
    "rules-are-pure",
    "server/src/comments/rules/bad.ts",
    `import { commentById } from '../read.js';\nexport const x = commentById;\n`,
  ],
  [
    "write-imports",
    "server/src/comments/write/bad.ts",
    `import { x } from '../on-event.js';\nexport const y = x;\n`,
    "server/src/comments/on-event.ts",
    `export const x = 1;\n`,
  ],
  [
    "read-never-imports-write",
    "server/src/comments/read/bad.ts",
    `import type { postComment } from '../write.js';\nexport type X = typeof postComment;\n`,
  ],
  [
    "read-imports",
    "server/src/comments/read/bad.ts",
    `import { x } from '../on-event.js';\nexport const y = x;\n`,
    "server/src/comments/on-event.ts",
    `export const x = 1;\n`,
  ],
  [
    "api-imports-its-own-module",
    "server/src/comments/api/bad.ts",
    `import { postById } from '../../posts/read.js';\nexport const x = postById;\n`,
  ],
  [
    "only-app-touches-api",
    "server/src/web/bad.ts",
    `import { comments } from '../comments/api.js';\nexport const x = comments;\n`,
  ],
  [
    "on-event-imports",
    "server/src/comments/on-event.ts",
    `import { postById } from '../posts/read.js';\nexport const x = postById;\n`,
  ],
  [
    "web-never-imports-write",
    "server/src/web/bad.ts",
    `import { postComment } from '../comments/write.js';\nexport const x = postComment;\n`,
  ],
  [
    "web-never-imports-the-database",
    "server/src/web/account/bad.ts",
    `import { pool } from '../../platform/db.js';\nexport const x = pool;\n`,
  ],
  [
    "live-hears-events-only",
    "server/src/live/bad.ts",
    `import { postById } from '../posts/read.js';\nexport const x = postById;\n`,
  ],
  [
    "nobody-imports-notifications",
    "server/src/moderation/read.ts",
    `import { x } from '../notifications/read.js';\nexport const y = x;\n`,
    "server/src/notifications/read.ts",
    `export const x = 1;\n`,
  ],
  [
    "nobody-imports-trust",
    "server/src/jobs/bad.ts",
    `export const z = 1;\n`,
    "server/src/audit/read.ts",
    `import { postById } from '../trust/read.js';\nexport const y = postById;\n`,
  ],
  [
    "only-writes-record",
    "server/src/posts/read/bad.ts",
    `import { record } from '../../audit/write.js';\nexport const x = record;\n`,
  ],
  ...NOUNS.slice(0, -1).map((noun) => [
    `nouns-depend-downwards-${noun}`,
    `server/src/${noun}/read/bad.ts`,
    `import { later } from '../../${NOUNS.at(-1)}/later.js';\nexport const x = later;\n`,
    `server/src/${NOUNS.at(-1)}/later.ts`,
    `export const later = 1;\n`,
  ]),
  [
    "nouns-depend-downwards-posts",
    "server/src/posts/read/bad.ts",
    `import { commentById } from '../../comments/read.js';\nexport const x = commentById;\n`,
  ],

  [
    "only-config-reads-the-environment",
    "server/src/app.ts",
    `export const app = (..._: unknown[]) => process.env.PORT;\n`,
  ],
  ["only-config-reads-the-environment", "server/src/platform/bad.ts", `export const x = globalThis.process['env'];\n`],
  [
    "only-config-reads-the-environment",
    "server/src/platform/bad.ts",
    `import { env } from 'node:process';\nexport const x = env.A;\n`,
  ],
  [
    "only-config-reads-the-environment",
    "server/src/platform/bad.ts",
    `const { env: e } = process;\nexport const x = e;\n`,
  ],
  ["only-config-reads-the-environment", "server/src/platform/bad.ts", `const p = process;\nexport const x = p;\n`],
  ["sql-in-the-wrong-file", "server/src/web/bad.ts", `export const x = \`select id\n from posts where id = \${1}\`;\n`],
  ["sql-in-the-wrong-file", "server/src/comments/rules/bad.ts", `export const x = 'update posts set score = 1';\n`],
  ["sql-in-the-wrong-file", "cli/src/bad.ts", `export const x = 'DELETE FROM posts WHERE true';\n`],
  [
    "sql-in-the-wrong-file",
    "server/src/live/bad.ts",
    `declare const sql: (types: object) => (text: TemplateStringsArray) => string;\nexport const x = sql({})\`vacuum\`;\n`,
  ],
  [
    "sql-in-the-wrong-file",
    "server/src/web/bad.ts",
    `declare const part: (text: TemplateStringsArray) => string;\nexport const x = part\`a.name\`;\n`,
  ],
  [
    "sql-in-the-wrong-file",
    "cli/src/bad.ts",
    `declare const sql: (text: TemplateStringsArray) => string;\nexport const x = sql\`vacuum\`;\n`,
  ],
  ["hidden-import", "server/src/web/bad.ts", `export type X = import('../comments/write.js').X;\n`],
  ["hidden-import", "server/src/web/bad.ts", `export const x = (name: string) => import(name);\n`],
  [
    "hidden-import",
    "server/src/web/bad.ts",
    `import { createRequire } from 'node:module';\nexport const x = createRequire(import.meta.url);\n`,
  ],
  ["no-any", "server/src/web/bad.ts", `export const x = (y: Record<string, any>) => y;\n`],
  ["no-non-null-assertion", "server/src/web/bad.ts", `export const x = (y?: string) => y!.length;\n`],
  ["no-prefixed-interface", "server/src/web/bad.ts", `export interface IThing { a: 1 }\n`],
  ["no-decorator", "server/src/web/bad.ts", `const d = (..._: unknown[]) => {};\n@d export class X {}\n`],
  ["no-base-class", "server/src/web/bad.ts", `export abstract class X {}\n`],
  ["one-error-class", "server/src/posts/rules/bad.ts", `export class OtherError extends Error {}\n`],
  ["file-names", "server/src/posts/service.ts", `export const x = 1;\n`],
  ["file-names", "server/src/platform/utils.ts", `export const x = 1;\n`],
  ["file-names", "server/src/widgets/read.ts", `export const x = 1;\n`],
  ["file-names", "contract/src/index.ts", `export const x = 1;\n`],
  ["file-names", "server/src/platform/rateLimit.ts", `export const x = 1;\n`],
];

let home = "";
before(() => {
  home = mkdtempSync(join(tmpdir(), "arrows-"));
});
after(() => rmSync(home, { recursive: true, force: true }));

/** Writes a tree of sources to a directory of its own. */
function plant(files) {
  const root = mkdtempSync(join(home, "tree-"));
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  return root;
}

test("a clean tree has no violation", async () => {
  const { modules, violations } = await checkArrows(plant(CLEAN), 10, []);
  assert.deepEqual(violations, []);
  assert.equal(modules, Object.keys(CLEAN).length);
});

test("every rule on imports has a planted violation", () => {
  const planted = new Set(PLANTS.map(([rule]) => rule));
  assert.deepEqual(
    ruleSet.forbidden.map((rule) => rule.name).filter((name) => !planted.has(name)),
    [],
  );
});

for (const [rule, path, source, otherPath, otherSource] of PLANTS) {
  test(`${rule} bites in ${path}`, async () => {
    const files = { ...CLEAN, [path]: source, ...(otherPath ? { [otherPath]: otherSource } : {}) };
    const { violations } = await checkArrows(plant(files), 10, []);
    assert.ok(
      violations.some((violation) => violation.rule === rule),
      `expected ${rule}, got ${JSON.stringify(violations)}`,
    );
    const planted = [path, otherPath];
    for (const { at } of violations)
      assert.ok(
        planted.some((one) => one && at.startsWith(one)),
        `${at} is clean`,
      );
  });
}

test("fails when it looked at nothing", async () => {
  await assert.rejects(checkArrows(plant({ "README.md": "" })), /looked at 0 modules/);
});

test("fails when it looked at too little", async () => {
  await assert.rejects(checkArrows(plant({ "contract/src/a.ts": "" }), 2), /looked at 1 modules/);
});

test("fails on a source that does not parse", async () => {
  await assert.rejects(checkArrows(plant({ ...CLEAN, "sdk/src/bad.ts": "const = ;" })));
});

test("an exception excuses what it names and nothing else", async () => {
  const rule = "web-never-imports-write";
  const bad = `import { postComment } from '../comments/write.js';\nexport const x = postComment;\n`;
  const root = plant({ ...CLEAN, "server/src/web/bad.ts": bad, "server/src/web/worse.ts": bad });
  const at = "server/src/web/bad.ts → server/src/comments/write.ts";
  const { violations } = await checkArrows(root, 10, [{ rule, at, reason: "for this test" }]);
  assert.deepEqual(
    violations.map((one) => one.at),
    ["server/src/web/worse.ts"],
  );
});

test("an exception that excuses nothing is a violation", async () => {
  const idle = { rule: "no-cycle", at: "server/src/app.ts", reason: "for this test" };
  const { violations } = await checkArrows(plant(CLEAN), 10, [idle]);
  assert.deepEqual(
    violations.map((one) => one.rule),
    ["idle-exception"],
  );
});
