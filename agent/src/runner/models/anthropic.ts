/** Models of Anthropic, by its Messages API. */
import type { Model, Prompt } from "../model.js";
import { askJson, withFallback } from "./ask-json.js";
import { costMicros, countTokens, type Price, priceOf } from "./prices.js";

/** Where and as what a model is asked. */
export interface Provider {
  /** The provider's name of the model. */
  name: string;
  key?: string;
  /** The address of the API, without the last part of the path. */
  url?: string;
  price?: Price;
  timeoutMs?: number;
}

const VERSION = "2023-06-01";
/** Milliseconds that a model may think. */
export const TIMEOUT_MS = 120_000;

/** A model of Anthropic, or of another server that speaks the same. */
export function anthropicModel({
  name,
  key,
  url = "https://api.anthropic.com/v1",
  price = priceOf(name, url),
  timeoutMs = TIMEOUT_MS,
}: Provider): Model {
  const state = { isPlain: false };
  const headers = { "anthropic-version": VERSION, ...(key === undefined ? {} : { "x-api-key": key }) };
  return async (prompt, signal) => {
    const { system, user, maxTokens } = prompt;
    const body = { model: name, max_tokens: maxTokens, system, messages: [{ role: "user", content: user }] };
    const ask = (isStructured: boolean) => {
      const format = { output_config: { format: { type: "json_schema", schema: schemaOf(prompt) } } };
      return askJson(
        {
          url: `${url.replace(/\/+$/, "")}/messages`,
          headers,
          body: isStructured ? { ...body, ...format } : body,
          timeoutMs,
        },
        signal,
      );
    };
    const answer = (await withFallback(ask, state)) as {
      content?: { type?: unknown; text?: unknown }[];
      usage?: { input_tokens?: unknown; output_tokens?: unknown };
    } | null;
    const parts = Array.isArray(answer?.content) ? answer.content : [];
    const text = parts
      .map((part) => (part?.type === "text" && typeof part.text === "string" ? part.text : ""))
      .join("");
    const tokens = {
      input: countTokens(answer?.usage?.input_tokens, system + user),
      output: countTokens(answer?.usage?.output_tokens, text),
    };
    return { text, tokens, costMicros: costMicros(tokens, price) };
  };
}

/** Constrained decoding takes no title. */
function schemaOf({ schema: { title: _, ...schema } }: Prompt): object {
  return schema;
}
