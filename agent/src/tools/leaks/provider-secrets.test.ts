import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findSecrets } from "./find-secrets.js";
import { SECRET_SHAPES } from "./provider-secrets.js";

/** `length` letters of an alphabet, always the same ones; no secret stands in this file. */
function letters(alphabet: string, length: number): string {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return alphabet[state % alphabet.length];
  }).join("");
}
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DIGITS = "0123456789";
const hex = (length: number) => letters("0123456789abcdef", length);
const digits = (length: number) => letters(DIGITS, length);
const upper = (length: number) => letters(UPPER + DIGITS, length);
const alnum = (length: number) => letters(UPPER + LOWER + DIGITS, length);
const base32 = (length: number) => letters(`${UPPER}234567`, length);
const json = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The shortest secret of each kind; without its last letter it is none. */
const SAMPLES: Record<string, string[]> = {
  "an AWS access key": ["AKIA", base32(16)],
  "a temporary AWS access key": ["ASIA", base32(16)],
  "a GitHub token": ["ghp", "_", alnum(36)],
  "a fine-grained GitHub token": ["github", "_pat_", alnum(22), "_", alnum(59)],
  "a GitLab token": ["glpat", "-", alnum(20)],
  "a Slack token": ["xoxb", "-", digits(12), "-", alnum(20)],
  "a Slack app token": ["xapp", "-1-", upper(11), "-", digits(13), "-", hex(64)],
  "a Slack webhook": ["hooks", ".slack.com/services/T", upper(10), "/B", upper(10), "/", alnum(24)],
  "a Stripe key": ["sk", "_live_", alnum(24)],
  "a webhook secret": ["whsec", "_", alnum(32)],
  "an OpenAI key": ["sk", "-proj-", alnum(60), "T3Blbk", "FJ", alnum(20)],
  "an Anthropic key": ["sk", "-ant-", "api03-", alnum(80)],
  "an OpenRouter key": ["sk", "-or-", "v1-", hex(64)],
  "a Groq key": ["gsk", "_", alnum(52)],
  "an xAI key": ["xai", "-", alnum(80)],
  "a Perplexity key": ["pplx", "-", alnum(48)],
  "a Hugging Face token": ["hf", "_", letters(UPPER + LOWER, 34)],
  "a Replicate token": ["r8", "_", alnum(37)],
  "a Google API key": ["AIza", alnum(35)],
  "a Google client secret": ["GOCSPX", "-", alnum(28)],
  "a Google access token": ["ya29", ".", alnum(40)],
  "an npm token": ["npm", "_", alnum(36)],
  "a PyPI token": ["pypi", "-AgE", alnum(50)],
  "a RubyGems key": ["rubygems", "_", hex(48)],
  "a Docker token": ["dckr", "_pat_", alnum(27)],
  "a Telegram bot token": [digits(10), ":AA", alnum(33)],
  "a Discord webhook": ["discord.com", "/api/webhooks/", digits(18), "/", alnum(60)],
  "a Twilio key": ["SK", hex(32)],
  "a SendGrid key": ["SG", ".", alnum(22), ".", alnum(43)],
  "a Mailchimp key": [hex(32), "-us", digits(1)],
  "a Shopify token": ["shpat", "_", hex(32)],
  "a Square token": ["sq0atp", "-", alnum(22)],
  "a DigitalOcean token": ["dop", "_v1_", hex(64)],
  "a Databricks token": ["dapi", hex(32)],
  "a HashiCorp Vault token": ["hvs", ".", alnum(90)],
  "a Terraform token": [alnum(14), ".atlas", "v1.", alnum(60)],
  "an Azure storage key": ["Account", "Key=", alnum(86), "=="],
  "an Atlassian token": ["ATATT3", alnum(180), "=", letters("0123456789ABCDEF", 8)],
  "an Airtable token": ["pat", alnum(14), ".", hex(64)],
  "a Linear key": ["lin", "_api_", alnum(40)],
  "a Notion token": ["ntn", "_", alnum(46)],
  "a Figma token": ["figd", "_", alnum(40)],
  "a Postman key": ["PMAK", "-", hex(24), "-", hex(34)],
  "a Grafana token": ["glsa", "_", alnum(32), "_", hex(8)],
  "a Supabase token": ["sbp", "_", hex(40)],
  "an age key": ["AGE-SECRET", "-KEY-1", letters("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)],
  "a Moltbook key": ["moltbook", "_sk_", alnum(32)],
  "a private key": ["-----BEGIN RSA ", "PRIVATE KEY-----", "\n", alnum(59)],
  "a signed token (JWT)": [json({ alg: "HS256" }), ".", json({ sub: "someone" }), ".", alnum(40)],
};
/** Of these, a letter less is one too. */
const ELASTIC = new Set(["an OpenAI key"]);

describe("a secret of another service", () => {
  it("has a sample here for each of at least 35 kinds", () => {
    assert.deepEqual(Object.keys(SAMPLES).toSorted(), SECRET_SHAPES.map(({ kind }) => kind).toSorted());
    assert.ok(SECRET_SHAPES.length >= 35);
  });

  for (const [kind, pieces] of Object.entries(SAMPLES)) {
    const sample = pieces.join("");
    it(`is found and told by four letters: ${kind}`, () => {
      for (const text of [sample, `TOKEN="${sample}"`, `Use ${sample}, please.`, `\`\`\`\n${sample}\n\`\`\``]) {
        const found = findSecrets(text).find((secret) => secret.kind === kind);
        assert.ok(found, text);
        assert.equal(found.starts.length, 4);
        assert.equal(found.token, undefined);
      }
      const hidden = [...sample].join("\u200b");
      assert.ok(findSecrets(hidden).some((secret) => secret.kind === kind));
    });

    it(`is not seen in what is nearly one: ${kind}`, () => {
      const shorter = sample.slice(0, -1);
      const middle = Math.floor(sample.length / 2);
      const misses = [`x${sample}`, `${sample.slice(0, middle)}!${sample.slice(middle + 1)}`];
      for (const text of ELASTIC.has(kind) ? misses : [...misses, shorter]) {
        assert.ok(!findSecrets(text).some((secret) => secret.kind === kind), text);
      }
    });
  }

  it("is not seen in the examples of documentation, in hashes, ids, addresses and pictures", () => {
    const texts = [
      "AKIAIOSFODNN7EXAMPLE",
      "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".replaceAll("x", "."),
      "sk-...",
      hex(40),
      hex(64),
      "550e8400-e29b-41d4-a716-446655440000",
      "0x52908400098527886E0F7030069857D2E4169EE7",
      `data:image/png;base64,${alnum(400)}`,
      "-----BEGIN PRIVATE KEY----- is how such a file begins",
      `-----BEGIN PUBLIC KEY-----\n${alnum(64)}`,
      "https://example.org/a/very/long/path/with-many-words-in-it-and-numbers-0123456789?q=abcdefghijklmnopqrstuvwxyz",
    ];
    for (const text of texts) assert.deepEqual(findSecrets(text), [], text);
  });
});

describe("looking for secrets", () => {
  const size = 1_000_000;
  const fill = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  const units = [
    "a",
    " ",
    "m",
    "molt",
    "moltbook_",
    "moltbook_a ",
    "m o l t b o o k _ ",
    "bW9sd",
    "bW9sd ",
    "6d6f6c74",
    "6d 6f 6c 74 ",
    "%6d",
    "&#x",
    "&#1",
    "\\u00",
    "\u200b",
    "\u0301",
    "\ufdfa",
    "-",
    "_",
    ".",
    "eyJ",
    "eyJ.",
    ".eyJaaaaaaaaaaa",
    "-eyJ-",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN AAAAAAAAA ",
    "sk-",
    "sk-T3BlbkFJ",
    "T3BlbkFJ sk-",
    "SG.SG.",
    "1:AA",
    ":AA1",
    "0123456789:AA ",
    ...Object.values(SAMPLES).map((pieces) => pieces.slice(0, -1).join("")),
  ];
  /** Milliseconds of CPU. */
  const cost = (text: string) => {
    const start = process.cpuUsage();
    findSecrets(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  };

  it("costs eight times the text at most some twenty times as much, whatever the text is", () => {
    for (const unit of new Set(units)) {
      const [short, long] = [fill(unit, size / 8), fill(unit, size)];
      // Below the grain of the clock nothing can be compared; what was slow once may have been disturbed.
      const isLinear = () => cost(long) <= 20 * Math.max(cost(short), 4);
      assert.ok(isLinear() || isLinear() || isLinear(), JSON.stringify(unit));
    }
  });
});
