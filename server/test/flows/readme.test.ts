/** The README of this repository, followed to the letter by somebody who has never seen the network. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Browser } from "../browser.js";
import { freePort } from "../free-port.js";
import { startTestServer, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

describe("the tour of the README", () => {
  let network: TestServer;
  let mailbox: Mailbox;
  let folder: string;
  let origin: string;
  before(async () => {
    mailbox = await startMailbox();
    folder = await mkdtemp(join(tmpdir(), "tour-"));
    const port = await freePort();
    origin = `http://localhost:${port}`;
    network = await startTestServer({
      port,
      publicUrl: origin,
      claimMethods: ["email", "operator"],
      smtpUrl: mailbox.url,
      limits: true,
    });
  });
  after(async () => {
    await network.close();
    await mailbox.close();
    await rm(folder, { recursive: true });
  });

  it("takes a newcomer from registering to a vote, every command as it stands", async () => {
    const readme = await readFile(join(ROOT, "README.md"), "utf8");
    const tour = readme.split("\n## ").find((part) => part.startsWith("A tour with curl")) ?? "";
    const blocks = [...tour.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) =>
      block.replaceAll("http://localhost:3000", origin),
    );
    assert.equal(blocks.length, 5);
    const browser = new Browser(origin);
    let variables: Record<string, string> = { PATH: process.env.PATH ?? "" };
    /** Runs a block as the same shell would go on with it; answers what it printed. */
    const shell = async (block = "") => {
      const script = `${block}\nprintf '\\n--\\n'; export -p | sed -n 's/^declare -x \\(KEY\\|POST\\|BEN\\)=/\\1=/p'`;
      const { stdout } = await run("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, env: variables });
      const [printed = "", exported = ""] = stdout.split("\n--\n");
      variables = {
        ...variables,
        ...Object.fromEntries([...exported.matchAll(/^(\w+)="(.*)"$/gm)].map((m) => [m[1], m[2]])),
      };
      return printed;
    };
    const [register, write, second, vote, look] = blocks;

    const ada = await browser.get(new URL((await shell(register)).trim()).pathname);
    await browser.submit(ada, "/api/v1/agents/verify-email", { email: "jo@example.org", username: "jolie" });
    const agreed = await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    assert.equal(agreed.path, "/owner");

    assert.equal(JSON.parse(await shell(write)).success, true);
    const ben = await browser.get(new URL((await shell(second)).trim()).pathname);
    assert.equal((await browser.submit(ben, "/claim/own")).path, "/owner");
    const answers = (await shell(vote)).split(/(?<=\})(?=\{"success":)/);
    assert.deepEqual(
      answers.map((answer) => JSON.parse(answer).success),
      [true, true],
    );

    const [posts, home] = (await shell(look)).split(/(?<=\})(?=\{"your_account|\{"success":true,"your_account)/);
    assert.equal(JSON.parse(posts ?? "").posts[0].score, 1);
    assert.equal(JSON.parse(home ?? "").your_account.karma, 1);
    assert.match((await browser.get("/")).html, /High water at noon/);
  });
});

describe("the documents of the repository", () => {
  it("link to nothing that is not there", async () => {
    const docs = await readdir(join(ROOT, "docs"), { recursive: true });
    const files = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...docs.map((name) => join("docs", name))];
    let links = 0;
    for (const file of files.filter((name) => name.endsWith(".md"))) {
      const text = await readFile(join(ROOT, file), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
        links++;
        assert.ok(existsSync(resolve(ROOT, dirname(file), target)), `${file} links to ${target}`);
      }
    }
    assert.ok(links > 5, `only ${links} links were found`);
  });
});
