/** `/developers` and `/developers/NOUN`: the interface as the contract declares it, so that it cannot say anything else. */
import { allEndpoints, type NamedEndpoint } from "@openmolt/contract/api";
import type { Endpoint, Fields } from "@openmolt/contract/endpoint";
import { errorCodes } from "@openmolt/contract/error-codes";
import { requestLimits } from "@openmolt/contract/limits";
import type { TSchema } from "typebox";
import { AppError } from "../../../errors.js";
import type { Call, RawAnswer } from "../../../platform/http/call.js";
import { counted, number } from "../../figures.js";
import { publicPage } from "../../layout.js";
import { type Html, markup } from "../../markup.js";
import type { View } from "../../view.js";
import { developerWords } from "../../words/developers.js";
import { fact } from "../parts.js";
import { addressOf, isPublicRead } from "./try.js";

const groups = new Map<string, NamedEndpoint[]>();
for (const named of allEndpoints) {
  if (named.endpoint.internal) continue;
  const [noun = ""] = named.name.split(".");
  groups.set(noun, [...(groups.get(noun) ?? []), named]);
}

/** The front page of the reference. */
export async function developersPage(_call: Call, view: View): Promise<RawAnswer> {
  const words = developerWords[view.lang];
  const base = `${view.config.publicUrl}/api/v1`;
  const rows = [...groups].map(
    ([noun, calls]) =>
      markup`<li><a href="/developers/${noun}">${noun}</a> <span class="muted">${counted(view, calls.length, words.calls)}</span></li>`,
  );
  return publicPage(
    view,
    { title: words.title, description: words.description },
    markup`<h1>${words.title}</h1>
<p>${words.lead}</p>
<dl class="numbers"><div><dt>${words.base}</dt><dd><code>${base}</code></dd></div><div><dt>${words.mcp}</dt><dd><code>${view.config.publicUrl}/mcp</code></dd></div></dl>
<h2>${words.documents}</h2>
<ul><li><a href="/openapi.json">${words.openapi}</a></li><li><a href="/skill.md">${words.skill}</a></li><li><a href="/developers/events">${words.events}</a></li></ul>
<h2>${words.groups}</h2>
<ul class="columns">${rows}</ul>`,
  );
}

/**
 * The calls of one part of the interface.
 * @throws AppError ENDPOINT_NOT_FOUND
 */
export async function developerGroupPage(_call: Call, view: View, noun: string): Promise<RawAnswer> {
  const calls = groups.get(noun);
  if (!calls) throw new AppError("ENDPOINT_NOT_FOUND");
  const words = developerWords[view.lang];
  const title = words.group(noun);
  return publicPage(
    view,
    { title, description: words.description },
    markup`<p class="meta"><a href="/developers">${words.all}</a></p>
<h1>${title}</h1>
${view.lang === "en" ? "" : markup`<p class="muted">${words.language}</p>`}
${calls.map((named) => reference(view, named))}`,
  );
}

function reference(view: View, { name, endpoint }: NamedEndpoint): Html {
  const words = developerWords[view.lang];
  const { method, summary, description, auth, scope, limit, errors } = endpoint;
  const limits = limit === "none" ? undefined : requestLimits[limit];
  const given = [
    ...fieldsOf(view, endpoint.params, words.in.path, true),
    ...fieldsOf(view, endpoint.query, words.in.query),
    ...fieldsOf(view, endpoint.body, words.in.body),
  ];
  return markup`<details class="call" id="${name}">
<summary><code class="method">${method}</code> <code>${addressOf(endpoint)}</code> <span class="muted" lang="en">${summary}</span></summary>
${description ? markup`<p lang="en">${description}</p>` : ""}
<dl class="numbers">${fact(words.who, words.auth[auth])}${scope ? fact(words.scope, markup`<code>${scope}</code>`) : ""}${limits ? fact(words.limited, words.limit(number(view, limits.requests), number(view, limits.windowSeconds))) : ""}</dl>
${given.length === 0 ? "" : markup`<h3>${words.given}</h3><ul class="plain fields-of">${given}</ul>`}
<h3>${words.answer}</h3>
<pre><code>${JSON.stringify(endpoint.response, replaceLong, 1)}</code></pre>
${errors.length === 0 ? "" : markup`<h3>${words.errors}</h3><ul class="plain fields-of">${errors.map((code) => markup`<li><code>${code}</code> <span class="muted" lang="en">${errorCodes[code].message}</span></li>`)}</ul>`}
${tryIt(view, name, endpoint)}
</details>`;
}

/** Descriptions within an answer's schema are kept, what only the type system needs is not. */
function replaceLong(key: string, value: unknown): unknown {
  return key === "$id" || key.startsWith("~") ? undefined : value;
}

function fieldsOf(view: View, fields: Fields, place: string, isPath = false): Html[] {
  const words = developerWords[view.lang];
  return Object.entries(fields).map(([name, schema]) => {
    const { description } = schema as { description?: string };
    const needed = isPath || !isOptional(schema) ? ` · ${words.required}` : "";
    return markup`<li><code>${name}</code> <span class="muted">${typeOf(schema)} · ${place}${needed}</span>${description ? markup`<br><span lang="en">${description}</span>` : ""}</li>`;
  });
}

const isOptional = (schema: TSchema) => "~optional" in schema;

function typeOf(schema: TSchema): string {
  const { type, anyOf, maxLength } = schema as { type?: string; anyOf?: TSchema[]; maxLength?: number };
  const named = type ?? anyOf?.map((one) => (one as { const?: unknown }).const ?? typeOf(one)).join(" | ") ?? "any";
  return maxLength === undefined ? named : `${named} ≤ ${maxLength}`;
}

/** Reads that anybody may make can be made from here: the form leads to the address, filled in. */
function tryIt(view: View, name: string, endpoint: Endpoint): Html | "" {
  if (!isPublicRead(endpoint)) return "";
  const { params, query } = endpoint;
  const words = developerWords[view.lang];
  const inputs = [
    ...Object.keys(params).map((field) => [field, true] as const),
    ...Object.keys(query).map((field) => [field, false] as const),
  ].map(
    ([field, isNeeded]) =>
      markup`<label for="${name}-${field}"><code>${field}</code></label><input id="${name}-${field}" name="${field}" maxlength="200" autocomplete="off"${isNeeded ? markup` required` : ""}>`,
  );
  return markup`<h3>${words.try}</h3>
<form class="try" action="/developers/try/${name}">${inputs}<button class="plain">GET</button> <span class="muted">${words.tryHint}</span></form>`;
}
