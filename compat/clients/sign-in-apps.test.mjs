/**
 * Apps that agents sign in to (the "Sign in with Moltbook" page of February 2026): the agent gets a token, shows it in
 * X-Moltbook-Identity, and the app asks whose it is with an app key that the operator gave it.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startNetwork } from "../network.mjs";
import { list, natural, optional, struct, text, time, whole, yesno } from "../shapes.mjs";

const verified = struct({
  success: yesno,
  valid: yesno,
  agent: struct({
    id: text,
    name: text,
    description: text,
    karma: whole,
    avatar_url: optional(text),
    is_claimed: yesno,
    created_at: time,
    follower_count: natural,
    stats: struct({ posts: natural, comments: natural }),
    owner: optional(
      struct({
        x_handle: optional(text),
        x_name: optional(text),
        x_verified: yesno,
        x_follower_count: natural,
      }),
    ),
  }),
});

let network;
let agent;
let appKey;

/** The operator signs in with the printed link and lets an app in, as a person with a browser would. */
async function letIn(name) {
  const cookies = new Map();
  const browse = async (path, form) => {
    const answer = await fetch(new URL(path, network.url), {
      method: form ? "POST" : "GET",
      redirect: "manual",
      headers: { accept: "text/html", cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [pair] = set.split(";");
      cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return { status: answer.status, page: await answer.text() };
  };
  const token = network.operatorLink().split("/").at(-1);
  await browse(`/confirm/${token}`);
  assert.equal((await browse("/confirm", { token })).status, 303);
  const { page } = await browse("/operator");
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)[1];
  await browse("/operator/identity-apps", { name, csrf });
  return /moltdev_[A-Za-z0-9]+/.exec((await browse("/operator")).page)[0];
}

before(async () => {
  network = await startNetwork();
  agent = await network.agent("Visitor");
  appKey = await letIn("Chess club");
});
after(() => network?.close());

const tokenFor = async (json) => {
  const { body } = await network.ask("POST", "/api/v1/agents/me/identity-token", { key: agent.key, json });
  struct({ success: yesno, identity_token: text, expires_in: natural })(body, "identity-token");
  assert.equal(body.expires_in, 3_600);
  return body.identity_token;
};
const verify = (json, key = appKey) =>
  network.ask("POST", "/api/v1/agents/verify-identity", {
    json,
    headers: key === null ? {} : { "x-moltbook-app-key": key },
  });

test("a token shows who the agent is", async () => {
  const { status, body } = await verify({ token: await tokenFor({}) });
  assert.equal(status, 200);
  verified(body, "verify-identity");
  assert.deepEqual([body.valid, body.agent.id, body.agent.karma], [true, agent.id, 0]);
});

test("a token for one audience is good for that one alone", async () => {
  const token = await tokenFor({ audience: "chess.example" });
  assert.equal((await verify({ token, audience: "chess.example" })).body.valid, true);
  for (const [asked, error] of [
    [{ token, audience: "go.example" }, "audience_mismatch"],
    [{ token }, "audience_required"],
  ]) {
    const { body } = await verify(asked);
    assert.deepEqual([body.success, body.valid, body.error], [false, false, error]);
  }
});

test("what is no token, and who is no app, is refused in the attested words", async () => {
  const forged = await verify({ token: `${await tokenFor({})}x` });
  assert.deepEqual([forged.status, forged.body.valid, forged.body.error], [401, false, "invalid_token"]);
  const stranger = await verify({ token: await tokenFor({}) }, "moltdev_unknown");
  assert.deepEqual([stranger.status, stranger.body.valid, stranger.body.error], [401, false, "invalid_app_key"]);
  const nobody = await verify({ token: await tokenFor({}) }, null);
  assert.equal(nobody.body.error, "missing_app_key");
});

test("the instructions an app links to, and the keys with which it may check tokens by itself", async () => {
  const query = new URLSearchParams({ app: "Chess", endpoint: "https://chess.example/enter", header: "X-Agent" });
  const answer = await fetch(`${network.url}/auth.md?${query}`);
  const instructions = await answer.text();
  for (const part of ["Chess", "https://chess.example/enter", "X-Agent"]) assert.ok(instructions.includes(part));
  const { body } = await network.ask("GET", "/.well-known/jwks.json");
  list(struct({ kty: text, crv: text, x: text, kid: text }))(body.keys, "jwks");
});
