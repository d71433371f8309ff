/** Alerts of a secret scanner: taken when signed, and only then; a key they report is dead, and told of. */
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { newAgentKey } from "../../src/platform/keys.js";
import { AlertKeys } from "../../src/platform/leaks/alert-keys.js";
import { refusal, startTestServer, type TestServer } from "../harness.js";

const pemOf = (key: { export(options: { type: "spki"; format: "pem" }): string | Buffer }) =>
  String(key.export({ type: "spki", format: "pem" }));

describe("an alert of a secret scanner", () => {
  const scanner = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const wrongCurve = generateKeyPairSync("ec", { namedCurve: "P-384" });
  /** The message, signature and key that GitHub's documentation shows; the key stands there for tests. */
  const documented = {
    id: "f9525bf080f75b3506ca1ead061add62b8633a346606dc5fe544e29231c6ee0d",
    key: "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsz9ugWDj5jK5ELBK42ynytbo38gP\nHzZFI03Exwz8Lh/tCfL3YxwMdLjB+bMznsanlhK0RwcGP3IDb34kQDIo3Q==\n-----END PUBLIC KEY-----",
    body: '[{"token":"some_token","type":"some_type","url":"some_url","source":"some_source"}]',
    signature: "MEUCIFLZzeK++IhS+y276SRk2Pe5LfDrfvTXu6iwKKcFGCrvAiEAhHN2kDOhy2I6eGkOFmxNkOJ+L2y8oQ9A2T9GGJo6WJY=",
  };
  let published: object;
  let asked = 0;
  let publisher: Server;
  let keysUrl: string;
  let network: TestServer;
  before(async () => {
    published = {
      public_keys: [
        { key_identifier: "one", key: pemOf(scanner.publicKey), is_current: true },
        { key_identifier: "curve", key: pemOf(wrongCurve.publicKey), is_current: true },
        { key_identifier: "broken", key: "nothing", is_current: true },
        { key_identifier: documented.id, key: documented.key, is_current: false },
      ],
    };
    publisher = createServer((_request, response) => {
      asked++;
      response.end(JSON.stringify(published));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => publisher.once("listening", resolve));
    keysUrl = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/keys`;
    network = await startTestServer({ leakAlertKeys: keysUrl });
  });
  after(async () => {
    await network.close();
    await new Promise((resolve) => publisher.close(resolve));
  });

  const send = (body: string, headers: Record<string, string>, url = network.url) =>
    fetch(`${url}/api/v1/leaks/github`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  const signed = (body: string, keyId = "one", key = scanner.privateKey) => ({
    "Github-Public-Key-Identifier": keyId,
    "Github-Public-Key-Signature": sign("sha256", Buffer.from(body), key).toString("base64"),
  });
  const alertOf = (...tokens: string[]) =>
    JSON.stringify(
      tokens.map((token) => ({ token, type: "openmolt_key", url: "https://code.example/a/b", source: "content" })),
    );
  const isAlive = (key: string) =>
    network
      .clientFor(key)
      .agents.me()
      .then(
        () => true,
        () => false,
      );

  it("revokes the keys it reports and says which were real", async () => {
    const [first, second] = [await network.agent(), await network.agent()];
    const invented = newAgentKey();
    const body = alertOf(first.key, invented, "not a key", second.key);
    const answer = await send(body, signed(body));
    assert.equal(answer.status, 200);
    const label = (token: string, real: boolean) => ({
      token_hash: createHash("sha256").update(token).digest("hex"),
      token_type: "openmolt_key",
      label: real ? "true_positive" : "false_positive",
    });
    assert.deepEqual(await answer.json(), [
      label(first.key, true),
      label(invented, false),
      label("not a key", false),
      label(second.key, true),
    ]);
    assert.equal((await refusal(first.client.agents.me())).code, "KEY_REVOKED");
    assert.equal((await refusal(second.client.agents.me())).code, "KEY_REVOKED");
    const again = (await (await send(body, signed(body))).json()) as { label: string }[];
    assert.equal(again[0]?.label, "true_positive", "sent again it says the same");
  });

  it("without the right signature does nothing", async () => {
    const { key } = await network.agent();
    const body = alertOf(key);
    const good = signed(body);
    const cases: [string, Record<string, string>, string?][] = [
      ["no headers", {}],
      ["no signature", { "Github-Public-Key-Identifier": "one" }],
      ["no key id", { "Github-Public-Key-Signature": good["Github-Public-Key-Signature"] }],
      ["an unknown key id", { ...good, "Github-Public-Key-Identifier": "two" }],
      ["another's key", signed(body, "one", other.privateKey)],
      ["a key on another curve", signed(body, "curve", wrongCurve.privateKey)],
      ["a key that cannot be read", signed(body, "broken")],
      ["a name that every object has", signed(body, "__proto__")],
      ["rubbish", { ...good, "Github-Public-Key-Signature": "AAAA" }],
      ["another body", good, `${body} `],
    ];
    for (const [what, headers, sent = body] of cases) {
      const answer = await send(sent, headers);
      assert.equal(answer.status, 403, what);
      assert.ok(!(await answer.text()).includes(key), what);
    }
    assert.ok(await isAlive(key));
  });

  it("of another shape is refused", async () => {
    for (const body of ["", "{}", "[1]", '[{"token":1,"type":"a"}]', "[", alertOf("x".repeat(5_000))]) {
      const answer = await send(body, signed(body));
      assert.equal(answer.status, 400, body.slice(0, 40));
    }
    assert.deepEqual(await (await send("[]", signed("[]"))).json(), []);
  });

  it("fetches the keys once, and not for every stranger who names one", async () => {
    const before = asked;
    for (let i = 0; i < 5; i++) await send("[]", signed("[]", `stranger ${i}`));
    assert.equal(asked, before);
  });

  it("is verified as the scanner's documentation shows", async () => {
    const answer = await send(documented.body, {
      "Github-Public-Key-Identifier": documented.id,
      "Github-Public-Key-Signature": documented.signature,
    });
    assert.equal(answer.status, 200);
    assert.equal(((await answer.json()) as { label: string }[])[0]?.label, "false_positive");
  });

  it("is no path at all where the operator did not ask for it", async () => {
    const plain = await startTestServer();
    try {
      assert.equal((await send("[]", signed("[]"), plain.url)).status, 404);
    } finally {
      await plain.close();
    }
  });

  it("waits for keys that are away: 503, and the next one finds them", async () => {
    let now = 0;
    const keys = new AlertKeys(keysUrl, () => now);
    const good = signed("[]");
    const hasSigned = () => keys.hasSigned(Buffer.from("[]"), "one", good["Github-Public-Key-Signature"]);
    const kept = published;
    published = {};
    await assert.rejects(hasSigned());
    published = kept;
    assert.ok(await hasSigned());
    published = { public_keys: [] };
    now = 3_599_999;
    assert.ok(await hasSigned(), "kept for an hour");
    now = 3_600_000;
    assert.ok(!(await hasSigned()), "and no longer");
    published = kept;
    assert.ok(!(await hasSigned()), "an unknown key is not asked for at once");
    now += 60_000;
    assert.ok(await hasSigned(), "but a minute later");
  });
});
