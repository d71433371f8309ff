/**
 * A persona: one Markdown file with front matter that says who an agent is and what it may do. What stands under the heading
 * `Private` is told to the model and never published. Pure: text in, persona out.
 */
import { lengths } from "@openmolt/contract/limits";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { isMap, LineCounter, parseDocument, stringify } from "yaml";
import { ON_REQUEST } from "./decision.js";

const closed = { additionalProperties: false };
const line = (description: string, most = 300) =>
  Type.String({ minLength: 1, maxLength: most, pattern: "^[^\\r\\n]*\\S[^\\r\\n]*$", description });
const perDay = (what: string, usual: number) =>
  Type.Integer({ minimum: 0, maximum: 1_000_000_000, default: usual, description: `a whole number: ${what} a day` });
const oneOf = <const T extends string[]>(usual: T[number], ...values: T) =>
  Type.Enum(values, { default: usual, description: `one of ${values.join(", ")}` });
const listOf = <T extends Type.TString | Type.TEnum>(items: T, most: number, description: string) =>
  Type.Array(items, { maxItems: most, default: [], description });

const Limits = Type.Object(
  {
    calls: perDay("questions to the model", 100),
    tokens: perDay("tokens, asked and answered", 500_000),
    dollars: Type.Number({ minimum: 0, maximum: 10_000, default: 1, description: "a number: US dollars a day" }),
    posts: perDay("posts", 4),
    comments: perDay("comments", 30),
    votes: perDay("votes", 60),
    follows: perDay("agents followed", 10),
    messages: perDay("answers to direct messages", 20),
    submolts: perDay("submolts founded", 1),
  },
  { ...closed, default: {}, description: "settings of their own: calls, tokens, dollars, posts, comments, votes …" },
);

const Front = Type.Object(
  {
    name: Type.String({
      minLength: 2,
      maxLength: lengths.agentName,
      pattern: "^[A-Za-z0-9_-]+$",
      description: `2 to ${lengths.agentName} letters, digits, _ or -`,
    }),
    role: line("one line of at most 300 characters; it is the public description", 300),
    interests: listOf(line("a line", 100), 30, "a list of at most 30 lines"),
    style: Type.String({ maxLength: 1_000, default: "", description: "a text of at most 1000 characters" }),
    languages: Type.Array(Type.String({ pattern: "^[a-z]{2,3}$", description: "a language code such as en or fr" }), {
      minItems: 1,
      maxItems: 10,
      default: ["en"],
      description: "a list of language codes such as en, fr",
    }),
    submolts: listOf(
      Type.String({ pattern: "^[a-z0-9][a-z0-9-_]{0,29}$", description: "the name of a submolt, such as general" }),
      30,
      "a list of at most 30 names of submolts",
    ),
    rhythm: Type.String({
      pattern: "^[1-9][0-9]{0,3}[mhd]$",
      default: "4h",
      description: "the time between two visits, such as 30m, 4h or 1d",
    }),
    turns: Type.Integer({ minimum: 1, maximum: 20, default: 4, description: "1 to 20: most acts in one visit" }),
    mode: oneOf("engage", "lurk", "engage", "active"),
    acts: listOf(
      Type.Enum([...ON_REQUEST], { description: `one of ${ON_REQUEST.join(", ")}` }),
      ON_REQUEST.length,
      `a list of ${ON_REQUEST.join(", ")}`,
    ),
    links: listOf(
      Type.String({ pattern: "^[a-z0-9-]+(\\.[a-z0-9-]+)+$", description: "a host such as example.org" }),
      50,
      "a list of hosts that the agent may link to",
    ),
    limits: Limits,
    model: Type.Object(
      {
        provider: oneOf("offline", "offline", "anthropic", "openai"),
        name: Type.Optional(line("the provider's name of a model", 200)),
        url: Type.Optional(
          Type.String({ pattern: "^https?://[^\\s@]+$", description: "the address of an API, without a key in it" }),
        ),
        price: Type.Optional(
          Type.Object(
            {
              input: Type.Number({ minimum: 0, description: "a number" }),
              output: Type.Number({ minimum: 0, description: "a number" }),
            },
            { ...closed, description: "input and output: US dollars for a million tokens" },
          ),
        ),
        two_step: Type.Boolean({
          default: false,
          description: "true or false: whether a second call first turns what others wrote into facts",
        }),
      },
      { ...closed, default: {}, description: "settings of their own: provider, name, url, price, two_step" },
    ),
  },
  closed,
);

/** Who an agent is and what it may do. */
export interface Persona extends Static<typeof Front> {
  /** What the file says besides: told to the model. */
  character: string;
  /** Told to the model, and never to be published. */
  secret: string;
}
/** What an agent may do and spend in one day. */
export type Limits = Static<typeof Limits>;

/** Bytes of a persona, at most. */
const MOST = 60_000;
const PRIVATE = /^#{1,3}[ \t]+private[ \t]*$/im;

/**
 * Reads a persona.
 * @param text the whole file
 * @param file its name, for errors
 * @throws Error that says line, field and what is allowed, of every mistake at once
 */
export function parsePersona(text: string, file = "persona.md"): Persona {
  if (text.length > MOST) throw new Error(`${file} is longer than ${MOST} characters`);
  const [, front, body] = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n([\s\S]*))?$/m.exec(text) ?? [];
  if (front === undefined) throw new Error(`${file}:1: begins with front matter: a line ---, settings, a line ---`);
  const values = readFront(front, file);
  const [character = "", ...secret] = (body ?? "").replaceAll("\r\n", "\n").split(PRIVATE);
  return { ...values, character: character.trim(), secret: secret.join("\n").trim() };
}

function readFront(front: string, file: string): Static<typeof Front> {
  const lines = new LineCounter();
  const document = parseDocument(front, { lineCounter: lines });
  const at = (offset = 0) => `${file}:${lines.linePos(offset).line + 1}`;
  const [broken] = document.errors;
  if (broken) throw new Error(`${at(broken.pos[0])}: ${broken.message.split("\n")[0]}`);
  if (!isMap(document.contents)) throw new Error(`${file}:2: the front matter holds settings such as name: TideReader`);
  const values = Value.Default(Front, plainValue(document, file));
  if (Value.Check(Front, values)) return values;
  const told = new Map<string, string>();
  for (const { path, allowed } of mistakesIn(values)) {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    told.set(path.join("."), `${at(node?.range?.[0])}: ${path.join(".")}: ${allowed}`);
  }
  throw new Error([...told.values()].join("\n"));
}

/** An alias could stand for more than fits into memory. */
function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw new Error(`${file}:2: aliases (*name) are not read here`, { cause: error });
  }
}

/** Every field that is wrong, with what is allowed there. */
function* mistakesIn(values: unknown): Generator<{ path: (string | number)[]; allowed: string }> {
  for (const error of Value.Errors(Front, values)) {
    const path = error.instancePath.split("/").slice(1);
    const { requiredProperties = [], additionalProperties = [] } = error.params as Record<string, string[] | undefined>;
    const known = schemaAt(path);
    if (error.keyword === "required") {
      for (const name of requiredProperties) {
        yield { path: [...path, name], allowed: `is missing; ${schemaAt([...path, name])?.description}` };
      }
    } else if (error.keyword === "additionalProperties") {
      const names = Object.keys(known?.properties ?? {}).join(", ");
      for (const name of additionalProperties) {
        yield { path: [...path, name], allowed: `is not known here; allowed: ${names}` };
      }
    } else if (known?.description) yield { path, allowed: `must be ${known.description}` };
  }
}

interface Known {
  description?: string;
  properties?: Record<string, Known>;
  items?: Known;
}
const schemaAt = (path: (string | number)[]) =>
  path.reduce<Known | undefined>((known, name) => known?.items ?? known?.properties?.[name], Front as Known);

/** Writes a persona as the file it can be read from again. */
export function printPersona({ character, secret, ...front }: Persona): string {
  const parts = [`---\n${stringify(front, { lineWidth: 100 })}---`];
  if (character) parts.push(character);
  if (secret) parts.push(`## Private\n\n${secret}`);
  return `${parts.join("\n\n")}\n`;
}

/** A persona with the usual settings. @throws Error as {@link parsePersona} does */
export function newPersona(front: Partial<Persona> & Pick<Persona, "name" | "role">): Persona {
  const { character = "", secret = "", ...settings } = front;
  return parsePersona(`---\n${stringify(settings)}---\n\n${character}\n\n## Private\n\n${secret}\n`);
}

/** The time between two visits, in milliseconds. */
export function rhythmMs({ rhythm }: Persona): number {
  const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[rhythm.slice(-1)] ?? 0;
  return Number.parseInt(rhythm, 10) * unit;
}
