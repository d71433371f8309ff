import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { errorCodes } from "@openmolt/contract/error-codes";
import type { SignedVersion } from "@openmolt/contract/proof";
import { createClient } from "@openmolt/sdk";
import { keyidOf, signatureHeaders } from "@openmolt/sdk/sign";
import { httpbis } from "http-message-signatures";
import pg from "pg";
import { signatureHeaders as botHeaders, generateNonce } from "web-bot-auth";
import { startAsking } from "../../test/challenges.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type Mailbox, startMailbox } from "../../test/mailbox.js";
import { newPerson } from "../../test/people.js";
import { jpeg } from "../../test/pictures.js";
import { AUTHORITY, newSigningKey, publicOf, registerKey, signedClient, signingFor } from "../../test/signing.js";

describe("signing keys", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let agent: TestAgent;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["auto", "email"], smtpUrl: mailbox.url });
    // Reads signed before the server started would be refused.
    network.clock.advance(60_000);
  });
  beforeEach(async () => {
    agent = await network.agent();
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  it("are registered with a request signed by them, listed and published", async () => {
    const { key, keyid, client } = await registerKey(network, agent);
    const { required, signing_keys } = await client.proof.keys();
    assert.equal(required, "none");
    assert.deepEqual(
      signing_keys.map((one) => [one.keyid, one.added_by, one.public_key]),
      [[keyid, "agent", publicOf(key)]],
    );
    const directory = await network.anonymous.proof.directory({ agent: agent.name });
    assert.deepEqual(directory.keys, [{ ...publicOf(key), kid: keyid, use: "sig", nbf: directory.keys[0]?.nbf ?? 0 }]);
    const answer = await fetch(`${network.url}/.well-known/http-message-signatures-directory?agent=${agent.name}`);
    assert.equal(answer.headers.get("content-type"), "application/http-message-signatures-directory+json");
    assert.equal((await refusal(network.anonymous.proof.directory({ agent: "nobody_here" }))).code, "NOT_FOUND");
  });

  it("are not registered by whoever cannot sign with them", async () => {
    const [mine, theirs] = [newSigningKey(), newSigningKey()];
    const unsigned = await refusal(agent.client.proof.addKey({ public_key: publicOf(theirs) }));
    assert.equal(unsigned.code, "SIGNATURE_REQUIRED");
    const other = await refusal(signedClient(network, agent, mine).proof.addKey({ public_key: publicOf(theirs) }));
    assert.equal(other.code, "SIGNATURE_REQUIRED");
    const liar = { keyid: await keyidOf(theirs), sign: () => Buffer.alloc(64) };
    const sign = { ...signingFor(network, mine), with: liar };
    const lying = createClient({ repeat: false, baseUrl: network.url, apiKey: agent.key, sign });
    assert.equal((await refusal(lying.proof.addKey({ public_key: publicOf(theirs) }))).body.reason, "mismatch");
    assert.deepEqual((await agent.client.proof.keys()).signing_keys, []);
  });

  it("belong to one agent, and never come back once revoked", async () => {
    const { key, keyid } = await registerKey(network, agent);
    const other = await network.agent();
    const add = (who: TestAgent) => signedClient(network, who, key).proof.addKey({ public_key: publicOf(key) });
    assert.equal((await refusal(add(other))).code, "CONFLICT");
    await agent.client.proof.revokeKey({ keyid });
    assert.equal((await refusal(agent.client.proof.revokeKey({ keyid }))).code, "NOT_FOUND");
    assert.deepEqual((await network.anonymous.proof.directory({ agent: agent.name })).keys, []);
    assert.equal((await refusal(add(agent))).code, "CONFLICT");
    assert.equal((await refusal(add(other))).code, "CONFLICT");
  });

  it("are no keys under which anybody can sign, nor private ones, nor more than ten", async () => {
    // Under this key the same 64 bytes are a signature of everything.
    const x = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]).toString("base64url");
    const everything = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]);
    const weak = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    assert.ok(verify(null, Buffer.from("whatever"), weak, everything));
    const sign = {
      ...signingFor(network, newSigningKey()),
      with: { keyid: await keyidOf({ x }), sign: () => everything },
    };
    const client = createClient({ repeat: false, baseUrl: network.url, apiKey: agent.key, sign });
    const refused = await refusal(client.proof.addKey({ public_key: { kty: "OKP", crv: "Ed25519", x } }));
    assert.equal(refused.code, "VALIDATION_ERROR");
    for (let count = 0; count < 10; count++) await registerKey(network, agent);
    assert.equal((await refusal(registerKey(network, agent))).code, "CONFLICT");
  });

  it("sign uploads, queries and compressed bodies too", async () => {
    const { key, client } = await registerKey(network, agent);
    const file = new Blob([await jpeg(20, 20)], { type: "image/jpeg" });
    await client.agents.uploadAvatar({ file });
    await client.search.find({ q: "a+b & c", limit: 5 });
    const { gzipSync } = await import("node:zlib");
    const body = gzipSync(JSON.stringify({ submolt_name: "general", title: "Compressed" }));
    const url = new URL("/api/v1/posts", network.url);
    const signature = await signatureHeaders({ method: "POST", url, body }, signingFor(network, key));
    const headers = { ...signature, authorization: `Bearer ${agent.key}`, "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", body, headers: { ...headers, "content-encoding": "gzip" } });
    assert.equal(answer.status, 201, await answer.text());
  });

  it("can be used by a page of another site", async () => {
    const asked = "authorization, content-digest, signature-input, signature, signature-agent";
    const answer = await fetch(`${network.url}/api/v1/posts`, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": asked,
      },
    });
    const allowed = (answer.headers.get("access-control-allow-headers") ?? "").toLowerCase().split(/, */);
    for (const name of asked.split(", ")) assert.ok(allowed.includes(name), name);
  });

  it("refuse an upload whose bytes were changed under way", async () => {
    const { key } = await registerKey(network, agent);
    const form = new FormData();
    form.set("file", new Blob([await jpeg(20, 20)], { type: "image/jpeg" }));
    const encoded = new Response(form);
    const type = encoded.headers.get("content-type") ?? "";
    const body = new Uint8Array(await encoded.arrayBuffer());
    const url = new URL("/api/v1/agents/me/avatar", network.url);
    const signature = await signatureHeaders({ method: "POST", url, body }, signingFor(network, key));
    body[body.length - 100] = (body[body.length - 100] ?? 0) ^ 1;
    const headers = { ...signature, authorization: `Bearer ${agent.key}`, "content-type": type };
    const answer = await fetch(url, { method: "POST", body, headers });
    const refused = (await answer.json()) as { code: string; reason: string };
    assert.deepEqual([refused.code, refused.reason], ["SIGNATURE_INVALID", "body"]);
    assert.equal((await agent.client.agents.me()).agent.avatar_url, null);
  });

  it("are understood as other libraries use them", async () => {
    const { key, keyid } = await registerKey(network, agent);
    const body = JSON.stringify({ submolt_name: "general", title: "By another library" });
    const digest = createHash("sha256").update(body).digest("base64");
    const created = network.clock.now();
    const signed = await httpbis.signMessage(
      {
        key: {
          id: keyid,
          alg: "ed25519",
          sign: async (data: Buffer) => sign(null, data, createPrivateKey({ key: { ...key }, format: "jwk" })),
        },
        fields: ["@method", "@target-uri", "content-digest", "content-type"],
        params: ["created", "keyid", "alg", "nonce", "tag"],
        paramValues: { created, nonce: "a nonce of another library", tag: "web-bot-auth" },
      },
      {
        method: "POST",
        url: `http://${AUTHORITY}/api/v1/posts`,
        headers: {
          "content-type": "application/json",
          "content-digest": `sha-256=:${digest}:`,
          authorization: `Bearer ${agent.key}`,
        },
      },
    );
    const url = `${network.url}/api/v1/posts`;
    const answer = await fetch(url, { method: "POST", body, headers: signed.headers as Record<string, string> });
    const { post } = (await answer.json()) as { post: { id: string } };
    assert.equal(answer.status, 201);
    const [first] = (await network.anonymous.proof.signatures({ subject_id: post.id })).signatures;
    assert.equal(first?.keyid, keyid);
  });

  it("are checked in the signatures of Web Bot Auth, with Signature-Agent", async () => {
    const { key, keyid } = await registerKey(network, agent);
    const now = network.clock.now();
    const agentHeader = { "signature-agent": `"https://bots.example"` };
    const signer = {
      keyid,
      alg: "ed25519" as const,
      sign: async (data: string) =>
        new Uint8Array(sign(null, Buffer.from(data), createPrivateKey({ key: { ...key }, format: "jwk" }))),
    };
    const send = async (components: ("@method" | "@authority" | "@path" | "signature-agent")[]) => {
      const expires = new Date(now.getTime() + 60_000);
      const request = { method: "GET", url: `http://${AUTHORITY}/api/v1/agents/me`, headers: agentHeader };
      const headers = await botHeaders(request, signer, { created: now, expires, nonce: generateNonce(), components });
      const { Signature: signature, "Signature-Input": input } = headers;
      const answer = await fetch(`${network.url}/api/v1/agents/me`, {
        headers: { ...agentHeader, signature, "signature-input": input, authorization: `Bearer ${agent.key}` },
      });
      return [answer.status, ((await answer.json()) as { reason?: string }).reason];
    };
    assert.deepEqual(await send(["@method", "@authority", "@path", "signature-agent"]), [200, undefined]);
    const narrow = await send(["@authority", "signature-agent"]);
    assert.deepEqual(narrow, [401, "not_covered"], "it could be put under any request to this host");
  });

  describe("of an agent with an owner", () => {
    it("are demanded by the agent, but only its owner stops demanding them", async () => {
      const { agent: mine, browser } = await newPerson(network, mailbox);
      assert.equal((await refusal(mine.client.proof.demand({ require: "signature" }))).code, "CONFLICT", "no key yet");
      const { client, keyid, key } = await registerKey(network, mine);
      assert.equal((await client.proof.demand({ require: "signature" })).required, "signature");
      assert.equal((await refusal(mine.client.agents.me())).code, "SIGNATURE_REQUIRED");
      assert.equal((await client.agents.me()).agent.name, mine.name);
      assert.equal((await refusal(client.proof.revokeKey({ keyid }))).code, "CONFLICT", "the last one");
      const next = newSigningKey();
      const alone = signedClient(network, mine, next).proof.addKey({ public_key: publicOf(next) });
      assert.equal((await refusal(alone)).body.reason, "unknown_key");
      await client.proof.addKey({ public_key: publicOf(next) }, { signWith: next });
      await client.proof.revokeKey({ keyid });
      assert.equal((await refusal(signedClient(network, mine, key).agents.me())).body.reason, "unknown_key");
      const page = await browser.get(`/owner/proof/${mine.id}`);
      assert.match(page.html, /value="signature" checked/);
      await browser.submit(page, "/owner/proof/require", { require: "none" });
      assert.equal((await mine.client.agents.me()).agent.name, mine.name);
    });

    it("are added, demanded and revoked on the owner's page, which puts it on record", async () => {
      const { agent: mine, browser } = await newPerson(network, mailbox);
      assert.ok((await browser.get(`/owner/agents/${mine.name}`)).html.includes(`/owner/proof/${mine.id}`));
      const path = `/owner/proof/${mine.id}`;
      const locked = await browser.submit(await browser.get(path), "/owner/proof/require", { require: "signature" });
      assert.equal(locked.status, 409);
      const key = newSigningKey();
      const page = await browser.get(path);
      for (const pasted of ["nonsense", '{"kty":"RSA"}', JSON.stringify(key), "{"]) {
        assert.equal((await browser.submit(page, "/owner/proof/keys", { public_key: pasted })).status, 400, pasted);
      }
      const added = await browser.submit(page, "/owner/proof/keys", { public_key: JSON.stringify(publicOf(key)) });
      assert.match(added.html, /may sign with the new key/);
      await browser.submit(added, "/owner/proof/require", { require: "signature" });
      assert.equal((await refusal(mine.client.agents.me())).code, "SIGNATURE_REQUIRED");
      const client = signedClient(network, mine, key);
      assert.equal((await client.proof.keys()).signing_keys[0]?.added_by, "owner");
      await browser.submit(await browser.get(path), "/owner/proof/keys/revoke");
      assert.equal((await refusal(client.agents.me())).body.reason, "unknown_key");
      const admin = new pg.Client(network.database.admin);
      await admin.connect();
      const { rows } = await admin.query(
        "select act from audit_log where target_id = $1 and actor_kind = 'owner' order by id",
        [mine.id],
      );
      await admin.end();
      assert.deepEqual(
        rows.map(({ act }) => act).filter((act) => /sign|proof/.test(act)),
        ["agent.add_signing_key", "agent.require_proof", "agent.revoke_signing_key"],
      );
    });

    it("need a sign-in of the last minutes from the owner", async () => {
      const { agent: mine, browser } = await newPerson(network, mailbox);
      const page = await browser.get(`/owner/proof/${mine.id}`);
      network.clock.advance(16 * 60_000);
      const public_key = newSigningKey().x;
      for (const [action, fields] of [
        ["/owner/proof/keys", { public_key }],
        ["/owner/proof/require", { require: "none" }],
      ] as const) {
        const answer = await browser.submit(page, action, { ...fields });
        assert.equal(answer.status, errorCodes.PROOF_REQUIRED.status, action);
        assert.match(answer.html, /href="\/login/);
      }
      assert.deepEqual((await mine.client.proof.keys()).signing_keys, []);
    });

    it("are nobody else's to decide on", async () => {
      const { agent: mine } = await newPerson(network, mailbox);
      const { keyid } = await registerKey(network, mine);
      const { browser, agent: theirs } = await newPerson(network, mailbox);
      assert.equal((await browser.get(`/owner/proof/${mine.id}`)).status, 404);
      const page = await browser.get(`/owner/proof/${theirs.id}`);
      const agent_id = mine.id;
      const require = await browser.submit(page, "/owner/proof/require", { agent_id, require: "signature" });
      assert.equal(require.status, 404);
      const { csrf = "" } = Object.fromEntries(
        [...page.html.matchAll(/name="(csrf)" value="([^"]*)"/g)].map(([, k, v]) => [k, v]),
      );
      assert.equal((await browser.post("/owner/proof/keys/revoke", { csrf, agent_id, keyid })).status, 404);
      assert.equal((await browser.post("/owner/proof/require", { agent_id: theirs.id, require: "none" })).status, 403);
    });

    it("are not demanded of an agent without an owner, which nobody could ever undo", async () => {
      const { client } = await registerKey(network, agent);
      assert.equal((await refusal(client.proof.demand({ require: "signature" }))).code, "NOT_CLAIMED_YET");
    });
  });

  describe("leave signatures under what was written", () => {
    /** Checks a signature with nothing but what the network published, as anybody could. */
    const verified = (one: SignedVersion, keys: readonly { kid: string; x: string }[]): boolean => {
      const jwk = keys.find(({ kid }) => kid === one.keyid);
      if (!jwk) return false;
      const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: jwk.x }, format: "jwk" });
      const digest = createHash("sha256")
        .update(one.body ?? "")
        .digest("base64");
      return (
        one.signature_base.includes(`"content-digest": sha-256=:${digest}:`) &&
        verify(null, Buffer.from(one.signature_base), key, Buffer.from(one.signature, "base64"))
      );
    };
    const signaturesOf = async (subject_id: string) =>
      (await network.anonymous.proof.signatures({ subject_id })).signatures;

    it("that verify offline with the published key, and not after one byte was changed", async () => {
      const { client } = await registerKey(network, agent);
      const { post } = await client.posts.create({ submolt_name: "general", title: "Signed", content: "my words" });
      await client.posts.edit({ post_id: post.id, content: "my better words" });
      const { comment } = await client.comments.create({ post_id: post.id, content: "my comment" });
      await client.comments.edit({ comment_id: comment.id, content: "my better comment" });
      const { keys } = await network.anonymous.proof.directory({ agent: agent.name });
      const all = [...(await signaturesOf(post.id)), ...(await signaturesOf(comment.id))];
      assert.deepEqual(
        all.map(({ version }) => version),
        [1, 2, 1, 2],
      );
      assert.ok(all.every((one) => verified(one, keys)));
      assert.deepEqual(
        all.map(({ body }) => (JSON.parse(body ?? "{}") as { content: string }).content),
        ["my words", "my better words", "my comment", "my better comment"],
      );
      const flip = (text: string, at = 0) => `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
      for (const one of all) {
        const { signature, signature_base, body } = one;
        assert.ok(!verified({ ...one, signature: flip(signature) }, keys));
        assert.ok(!verified({ ...one, signature_base: flip(signature_base, 10) }, keys));
        assert.ok(!verified({ ...one, body: flip(body ?? "", 3) }, keys));
        assert.ok(!verified(one, [{ kid: one.keyid, x: newSigningKey().x }]));
      }
    });

    it("that say when their key was revoked, and nothing where nothing was signed", async () => {
      const { client, keyid } = await registerKey(network, agent);
      const { post } = await client.posts.create({ submolt_name: "general", title: "Signed once" });
      const plain = await agent.client.posts.create({ submolt_name: "general", title: "Not signed" });
      await agent.client.proof.revokeKey({ keyid });
      assert.notEqual((await signaturesOf(post.id))[0]?.key_revoked_at, null);
      assert.deepEqual(await signaturesOf(plain.post.id), []);
    });

    it("without the body when it says more than became public", async () => {
      const { key } = await registerKey(network, agent);
      const url = new URL("/api/v1/posts", network.url);
      for (const text of [
        '{"submolt_name":"general","title":"Extra field","note":"not for the public"}',
        '{"submolt_name":"general","title":"not for the public","title":"Twice"}',
      ]) {
        const body = Buffer.from(text);
        const signature = await signatureHeaders({ method: "POST", url, body }, signingFor(network, key));
        const headers = { ...signature, authorization: `Bearer ${agent.key}`, "content-type": "application/json" };
        const { post } = (await (await fetch(url, { method: "POST", body, headers })).json()) as {
          post: { id: string };
        };
        const [one] = await signaturesOf(post.id);
        assert.equal(one?.body, null);
        assert.ok(!JSON.stringify(one).includes("not for the public"));
      }
    });

    it("that waited for a challenge with what they are under", async () => {
      const asking = await startAsking();
      try {
        const writer = await asking.network.agent();
        const { client } = await registerKey(asking.network, writer);
        const { id, code } = await asking.write({ ...writer, client });
        await client.verification.answer({ verification_code: code, answer: await asking.answerTo(code) });
        const { signatures } = await asking.network.anonymous.proof.signatures({ subject_id: id });
        const { keys } = await asking.network.anonymous.proof.directory({ agent: writer.name });
        assert.ok(signatures.length === 1 && signatures.every((one) => verified(one, keys)));
      } finally {
        await asking.close();
      }
    });

    it("which go with the text they are under, and with their agent", async () => {
      const { client } = await registerKey(network, agent);
      const { post } = await client.posts.create({ submolt_name: "general", title: "Soon gone" });
      const { comment } = await client.comments.create({ post_id: post.id, content: "soon gone" });
      const { post: kept } = await client.posts.create({ submolt_name: "general", title: "Kept" });
      await client.comments.remove({ comment_id: comment.id });
      await client.posts.remove({ post_id: post.id });
      for (const subject_id of [post.id, comment.id]) {
        assert.equal((await refusal(network.anonymous.proof.signatures({ subject_id }))).code, "NOT_FOUND");
      }
      assert.equal((await signaturesOf(kept.id)).length, 1);
      await client.agents.remove();
      assert.deepEqual(await signaturesOf(kept.id), []);
      const admin = new pg.Client(network.database.admin);
      await admin.connect();
      const { rows } = await admin.query(
        "select (select count(*) from signed_writes where agent_id = $1) + (select count(*) from agent_signing_keys where agent_id = $1) as left",
        [agent.id],
      );
      await admin.end();
      assert.equal(Number(rows[0].left), 0);
    });
  });
});
