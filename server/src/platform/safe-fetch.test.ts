import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { after, test } from "node:test";
import {
  assertFetchable,
  FetchFailed,
  type FetchFailure,
  type GuardedFetchOptions,
  guardedFetch,
  isPublicAddress,
  isPublicOrPrivateAddress,
} from "./safe-fetch.js";

const open: { close(): unknown }[] = [];
after(() => {
  for (const server of open) server.close();
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
const serve = (listener: RequestListener): Promise<number> => listen(createServer(listener));

/** Fetches from a server of this test under a name that only this test's resolver knows. */
const fromHere = (port: number, path = "/", options: Partial<GuardedFetchOptions> = {}) =>
  guardedFetch(`http://somewhere.test:${port}${path}`, {
    maxBytes: 1_000,
    timeoutMs: 5_000,
    ports: [port],
    resolver: async () => ["127.0.0.1"],
    allowAddress: () => true,
    ...options,
  });
const failsAs = (reason: FetchFailure) => (error: unknown) => error instanceof FetchFailed && error.reason === reason;
const caps = { maxBytes: 1_000, timeoutMs: 5_000 };

test("knows which addresses are public", () => {
  const cases: [string, boolean][] = [
    ["1.1.1.1", true],
    ["93.184.215.14", true],
    ["172.15.255.255", true],
    ["172.32.0.0", true],
    ["100.63.255.255", true],
    ["100.128.0.0", true],
    ["2606:4700:4700::1111", true],
    ["2a00:1450:4001:80f::200e", true],
    ["0.0.0.0", false],
    ["0.1.2.3", false],
    ["10.0.0.1", false],
    ["100.64.0.1", false],
    ["100.127.255.255", false],
    ["127.0.0.1", false],
    ["127.255.255.254", false],
    ["169.254.169.254", false],
    ["172.16.0.1", false],
    ["172.31.255.255", false],
    ["192.0.0.1", false],
    ["192.0.2.1", false],
    ["192.88.99.1", false],
    ["192.168.1.1", false],
    ["198.18.0.1", false],
    ["198.51.100.1", false],
    ["203.0.113.1", false],
    ["224.0.0.1", false],
    ["239.255.255.255", false],
    ["240.0.0.1", false],
    ["255.255.255.255", false],
    ["::", false],
    ["::1", false],
    ["::8.8.8.8", false],
    ["::ffff:8.8.8.8", false],
    ["::ffff:127.0.0.1", false],
    ["::ffff:7f00:1", false],
    ["::ffff:0:127.0.0.1", false],
    ["64:ff9b::8.8.8.8", false],
    ["64:ff9b:1::1", false],
    ["100::1", false],
    ["2001::1", false],
    ["2001:2::1", false],
    ["2001:10::1", false],
    ["2001:20::1", false],
    ["2001:db8::1", false],
    ["2002:7f00:1::", false],
    ["3fff::1", false],
    ["4000::1", false],
    ["5f00::1", false],
    ["fc00::1", false],
    ["fd12:3456::1", false],
    ["fe80::1", false],
    ["fe80::1%eth0", false],
    ["2606:4700:4700::1111%1", false],
    ["fec0::1", false],
    ["ff02::1", false],
    ["", false],
    ["localhost", false],
    ["0177.0.0.1", false],
    ["0x7f000001", false],
    ["2130706433", false],
    ["1.1", false],
    [" 1.1.1.1", false],
  ];
  for (const [ip, expected] of cases) assert.equal(isPublicAddress(ip), expected, ip);
});

test("refuses every way of writing a private address in a URL, without connecting", async () => {
  let asked = 0;
  const port = await serve((_request, response) => {
    asked++;
    response.end();
  });
  const hosts = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "169.254.169.254",
    "１２７.0.0.1",
    "localhost",
  ];
  for (const host of hosts) {
    await assert.rejects(guardedFetch(`http://${host}:${port}/`, { ...caps, ports: [port] }), failsAs("address"), host);
  }
  assert.equal(asked, 0);
});

test("refuses a name when any of its addresses is not public", async () => {
  for (const addresses of [["10.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["1.1.1.1", "::1"], ["1.1.1.1", "not an address"]]) {
    const resolver = async () => addresses;
    await assert.rejects(guardedFetch("http://mixed.test/", { ...caps, resolver }), failsAs("address"));
  }
});

test("resolves a name once and connects to what was checked, whatever the name says later", async () => {
  const port = await serve((request, response) => response.end(request.headers.host));
  const answers = [["127.0.0.1"], ["10.0.0.1"]];
  let asked = 0;
  const response = await fromHere(port, "/", { resolver: async () => answers[asked++] ?? [] });
  assert.equal(asked, 1);
  assert.equal(response.status, 200);
  assert.equal(response.body.toString(), `somewhere.test:${port}`);
});

test("goes to the next address when the first does not answer", async () => {
  const port = await serve((_request, response) => response.end("here"));
  const response = await fromHere(port, "/", { resolver: async () => ["127.0.0.9", "::1", "127.0.0.1"] });
  assert.equal(response.body.toString(), "here");
});

test("a secure connection goes to the pinned address and names the host", async () => {
  let hello = "";
  const port = await listen(
    createTcpServer((socket) => {
      socket.once("data", (bytes) => {
        hello = bytes.toString("latin1");
        socket.destroy();
      });
      socket.on("error", () => {});
    }),
  );
  await assert.rejects(
    guardedFetch(`https://somewhere.test:${port}/`, {
      ...caps,
      ports: [port],
      resolver: async () => ["127.0.0.1"],
      allowAddress: () => true,
    }),
    failsAs("connection"),
  );
  assert.ok(hello.includes("somewhere.test"));
});

test("refuses other schemes, user names and ports", async () => {
  const resolver = async () => ["1.1.1.1"];
  const cases: [string, FetchFailure][] = [
    ["", "url"],
    ["not a url", "url"],
    ["//example.com/", "url"],
    ["file:///etc/passwd", "url"],
    ["ftp://example.com/", "url"],
    ["data:text/plain,x", "url"],
    ["gopher://example.com/", "url"],
    ["http://user@example.com/", "url"],
    ["http://user:pass@example.com/", "url"],
    ["http://example.com:22/", "port"],
    ["https://example.com:8443/", "port"],
    ["http://example.com:5432/", "port"],
  ];
  for (const [url, reason] of cases) {
    await assert.rejects(guardedFetch(url, { ...caps, resolver }), failsAs(reason), url);
  }
});

test("a name without an address is unresolved", async () => {
  await assert.rejects(guardedFetch("http://gone.test/", { ...caps, resolver: async () => [] }), failsAs("unresolved"));
  const resolver = async () => {
    throw new Error("ENOTFOUND");
  };
  await assert.rejects(guardedFetch("http://gone.test/", { ...caps, resolver }), failsAs("unresolved"));
});

test("a redirect is answered as it is and not followed", async () => {
  let asked = 0;
  const port = await serve((_request, response) => {
    asked++;
    response.writeHead(302, { location: "/elsewhere" }).end();
  });
  const response = await fromHere(port);
  assert.equal(response.status, 302);
  assert.equal(response.headers.location, "/elsewhere");
  assert.equal(asked, 1);
});

test("sends method, headers and body", async () => {
  const port = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.end(
      JSON.stringify([request.method, request.url, request.headers["x-a"], request.headers["content-length"], body]),
    );
  });
  const sent = { method: "POST", headers: { "x-a": "1" }, body: "grüß" };
  const response = await fromHere(port, "/p?q=1", sent);
  assert.deepEqual(JSON.parse(response.body.toString()), ["POST", "/p?q=1", "1", "6", "grüß"]);
});

test("headers that name the host or frame the message cannot be set, nor broken ones", async () => {
  const port = await serve((_request, response) => response.end());
  for (const name of ["Host", "content-length", "Transfer-Encoding", "connection"]) {
    await assert.rejects(fromHere(port, "/", { headers: { [name]: "x" } }), TypeError);
  }
  await assert.rejects(fromHere(port, "/", { headers: { "x-a": "a\r\nx-b: c" } }), TypeError);
  await assert.rejects(fromHere(port, "/", { method: "GET / HTTP/1.1\r\nx: y\r\n" }), TypeError);
});

test("a body up to the cap is taken, one byte more is not, declared or not, and an endless one neither", async () => {
  const port = await serve((request, response) => {
    if (request.url === "/endless") {
      const more = (): void => {
        if (!response.destroyed) response.write("x".repeat(10_000), () => setImmediate(more));
      };
      more();
    } else if (request.url === "/chunked") {
      response.write("x".repeat(600));
      response.end("x".repeat(401));
    } else response.end("x".repeat(Number(request.url?.slice(1))));
  });
  assert.equal((await fromHere(port, "/1000")).body.length, 1_000);
  for (const path of ["/1001", "/chunked", "/endless"]) {
    await assert.rejects(fromHere(port, path), failsAs("too-large"), path);
  }
});

test("gives up when name, connection, headers or body take too long", async () => {
  const port = await serve((request, response) => {
    if (request.url === "/slow-body") {
      response.writeHead(200);
      const drip = setInterval(() => response.write("x"), 5);
      response.on("close", () => clearInterval(drip));
    }
  });
  const short = { timeoutMs: 60 };
  await assert.rejects(fromHere(port, "/never", short), failsAs("timeout"));
  await assert.rejects(fromHere(port, "/slow-body", short), failsAs("timeout"));
  const resolver = () => new Promise<readonly string[]>(() => {});
  // The deadline's timer alone does not keep a process alive.
  const alive = setInterval(() => {}, 1_000);
  await assert.rejects(fromHere(port, "/", { ...short, resolver }), failsAs("timeout"));
  clearInterval(alive);
});

test("cuts a long body where it is told to, instead of failing", async () => {
  const port = await serve((_request, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write("x".repeat(10_000), () => setImmediate(more));
    };
    more();
  });
  const response = await fromHere(port, "/", { cut: true });
  assert.deepEqual([response.status, response.body.length], [200, 1_000]);
});

test("an answer that ends with its connection is taken whole", async () => {
  const port = await listen(
    createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(`HTTP/1.0 200 OK\r\n\r\n${"x".repeat(900)}`));
    }),
  );
  assert.equal((await fromHere(port)).body.length, 900);
});

test("a change of protocol is a failure at once", async () => {
  const port = await listen(
    createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
      });
    }),
  );
  await assert.rejects(fromHere(port), failsAs("connection"));
});

test("takes https alone and any port where it is told to", async () => {
  const resolver = async () => ["1.1.1.1"];
  await assert.rejects(assertFetchable("http://example.com/", { ...caps, resolver, secureOnly: true }), failsAs("url"));
  await assertFetchable("https://example.com/", { ...caps, resolver, secureOnly: true });
  await assert.rejects(assertFetchable("https://example.com:8443/", { ...caps, resolver }), failsAs("port"));
  await assertFetchable("https://example.com:8443/", { ...caps, resolver, ports: "any" });
});

test("knows the addresses that an operator's own machines may have", () => {
  const cases: [string, boolean][] = [
    ["1.1.1.1", true],
    ["10.0.0.1", true],
    ["127.0.0.1", true],
    ["192.168.1.1", true],
    ["100.64.0.1", true],
    ["::1", true],
    ["fd12:3456::1", true],
    ["169.254.169.254", false],
    ["fe80::1", false],
    ["fe80::1%eth0", false],
    ["::ffff:10.0.0.1", false],
    ["::ffff:169.254.169.254", false],
    ["64:ff9b::a9fe:a9fe", false],
    ["0.0.0.0", false],
    ["224.0.0.1", false],
    ["localhost", false],
  ];
  for (const [ip, expected] of cases) assert.equal(isPublicOrPrivateAddress(ip), expected, ip);
});

test("localhost and all names below it are this machine, without asking anybody", async () => {
  for (const host of ["localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost."]) {
    await assert.rejects(assertFetchable(`http://${host}/`, caps), failsAs("address"), host);
    await assertFetchable(`http://${host}/`, { ...caps, allowAddress: isPublicOrPrivateAddress });
  }
});

test("an answer that breaks off is a failure, never half a body", async () => {
  const port = await listen(
    createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
    }),
  );
  await assert.rejects(fromHere(port), failsAs("connection"));
  const junk = await listen(
    createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9\r\n"));
    }),
  );
  await assert.rejects(fromHere(junk), failsAs("connection"));
});

test("a refused connection is a failure that tells no address", async () => {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(
    fromHere(port),
    (error) => error instanceof FetchFailed && error.reason === "connection" && !/127|ECONN/.test(error.message),
  );
});
