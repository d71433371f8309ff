import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readConfig } from "./config.js";

describe("the settings", () => {
  it("list all mistakes at once, each of them once", () => {
    const wrong = {
      PORT: "99999",
      PUBLIC_URL: "ftp://x/y",
      DATABASE_URL: "mysql://x",
      OPENMOLT_NAME_FILE: "/nowhere/name",
      OPENMOLT_MASTER_KEY: "short",
      SMTP_URL: "nonsense",
      OPENMOLT_CLAIM: "tweet",
      OPENMOLT_CHALLENGES: "1",
      OPENMOLT_TRUSTED_PROXIES: "10.0.0.0/8,10.0.0.0/64",
      METRICS_PORT: "-1",
      LOG_LEVEL: "loud",
      LOG_FORMAT: "xml",
    };
    assert.throws(
      () => readConfig(wrong, ["--fast"]),
      (error: Error) => {
        const lines = error.message.split("\n").slice(1);
        assert.equal(new Set(lines).size, lines.length, error.message);
        assert.equal(lines.length, Object.keys(wrong).length + 1, error.message);
        for (const name of [...Object.keys(wrong), "--fast"]) {
          assert.ok(
            lines.some((line) => line.includes(name)),
            `${name} is not named: ${error.message}`,
          );
        }
        return true;
      },
    );
  });

  it("may come from files, but not from two places", async () => {
    const folder = await mkdtemp(join(tmpdir(), "settings-"));
    const path = join(folder, "smtp");
    await writeFile(path, "smtp://user:password@mail.test:25\n");
    const { smtpUrl } = readConfig({ SMTP_URL_FILE: path }, []);
    assert.equal(smtpUrl, "smtp://user:password@mail.test:25");
    assert.throws(() => readConfig({ SMTP_URL_FILE: path, SMTP_URL: "smtp://b" }, []), /both set; keep one/);
    await rm(folder, { recursive: true });
  });

  it("are complete without any being set", () => {
    const config = readConfig({}, []);
    assert.equal(config.publicUrl, "http://localhost:3000");
    assert.equal(config.host, "127.0.0.1");
    assert.equal(config.challenges, false);
    assert.equal(readConfig({ PUBLIC_URL: "https://molt.test" }, []).challenges, true);
  });
});
