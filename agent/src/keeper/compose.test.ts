/** What the compose files promise, read from them: what runs is bounded, and no key lies where others see it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

interface Service {
  build?: string | { context: string; dockerfile: string };
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  secrets?: (string | { source: string })[];
  networks?: string[];
  network_mode?: string;
  healthcheck?: { disable?: boolean };
  [more: string]: unknown;
}
interface Compose {
  services: Record<string, Service>;
  networks?: Record<string, { internal?: boolean } | null>;
  volumes?: Record<string, unknown>;
  secrets?: Record<string, { file?: string }>;
}

for (const file of ["compose.yaml", "deploy/gateway/compose.yaml", "deploy/runner/compose.yaml"]) {
  describe(file, () => {
    const folder = dirname(join(ROOT, file));
    const {
      services,
      networks = {},
      volumes = {},
      secrets = {},
    } = parse(readFileSync(join(ROOT, file), "utf8")) as Compose;
    const each = Object.entries(services);

    it("runs what is ours read-only, without capabilities, and never with the engine's own socket", () => {
      for (const [name, service] of each) {
        assert.ok(!/docker\.sock|privileged|network_mode: host|cap_add/.test(JSON.stringify(service)), name);
        if (service.build === undefined && name !== "agent") continue;
        const { read_only, cap_drop, security_opt } = service;
        const bounds = { read_only, cap_drop, security_opt };
        const all = { read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] };
        assert.deepEqual(bounds, all, name);
      }
    });

    it("names nothing that is not there, and declares nothing that is not used", () => {
      const named = (kind: (service: Service) => string[]) => [...new Set(each.flatMap(([, one]) => kind(one)))].sort();
      const mounted = named(({ volumes = [] }) =>
        volumes.map((one) => one.split(":")[0] ?? "").filter((one) => !/^[./]/.test(one)),
      );
      assert.deepEqual(mounted, Object.keys(volumes).sort());
      assert.deepEqual(
        named(({ networks = [] }) => networks),
        Object.keys(networks).sort(),
      );
      const handed = named(({ secrets = [] }) => secrets.map((one) => (typeof one === "string" ? one : one.source)));
      assert.deepEqual(handed, Object.keys(secrets).sort());
      for (const [name, { build, command = [] }] of each) {
        const { context, dockerfile } =
          typeof build === "object" ? build : { context: build ?? ".", dockerfile: "Dockerfile" };
        if (build !== undefined) assert.ok(existsSync(resolve(folder, context, dockerfile)), `${name}: ${dockerfile}`);
        for (const word of command) if (/^[a-z].*\.m?js$/.test(word)) assert.ok(existsSync(join(ROOT, word)), word);
        if (command.length > 0 && context !== undefined && dockerfile === "Dockerfile" && build !== undefined)
          assert.equal(
            services[name]?.healthcheck?.disable,
            true,
            `${name} does not serve what the image's check asks`,
          );
      }
    });

    it("hands keys over as secrets or from the caller's environment, and publishes ports on this machine alone", () => {
      for (const [name, { environment = {}, ports = [] }] of each) {
        for (const [variable, value] of Object.entries(environment)) {
          if (/KEY|TOKEN|PASSWORD|SECRET/.test(variable))
            assert.match(value, /^\$\{\w+:\?[^}]+\}$/, `${name}: ${variable}`);
        }
        for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, name);
      }
    });
  });
}

it("the image holds nothing that would build again what is built, on a file system that cannot be written", () => {
  const [, removed = ""] =
    /npm prune --omit=dev \\\s+&& rm -rf (.+)/.exec(readFileSync(join(ROOT, "Dockerfile"), "utf8")) ?? [];
  assert.ok(removed.split(" ").includes("scripts"), removed);
  const command = readFileSync(join(ROOT, "cli/bin/openmolt.mjs"), "utf8");
  assert.match(command, /existsSync\(builder\)/);
  assert.match(command, /"\.\.\/\.\.\/scripts\/build\.mjs"/);
});

describe("who reaches what", () => {
  const read = (file: string) => parse(readFileSync(join(ROOT, file), "utf8")) as Compose;

  it("a mind has no network, no secret, no vault, and shares one folder with its keeper", () => {
    const { mind, keeper } = read("deploy/runner/compose.yaml").services;
    assert.ok(mind && keeper);
    assert.deepEqual(
      [mind.network_mode, mind.networks, mind.secrets, mind.environment],
      ["none", ...Array(3).fill(undefined)],
    );
    assert.deepEqual(mind.volumes, ["door:/run/openmolt-mind"]);
    assert.ok(keeper.volumes?.includes("door:/run/openmolt-mind"));
    assert.equal(keeper.environment?.TMPDIR, "/run/openmolt-mind");
  });

  it("an agent behind the gateway has no way out, and never the key", () => {
    const { services, networks } = read("deploy/gateway/compose.yaml");
    assert.deepEqual([services.agent?.networks, services.agent?.secrets], [["inside"], undefined]);
    assert.equal(networks?.inside?.internal, true);
    assert.deepEqual(services.gateway?.networks, ["inside", "outside"]);
  });
});
