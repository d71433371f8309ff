/** Models behind the chat completions of OpenAI, as Ollama, llama.cpp, vLLM, LM Studio and OpenRouter speak them, too. */
import type { Model } from "../model.js";
import { type Provider, TIMEOUT_MS } from "./anthropic.js";
import { askJson, withFallback } from "./ask-json.js";
import { costMicros, countTokens, priceOf } from "./prices.js";

const OPENAI = "https://api.openai.com/v1";

/** A model of OpenAI, or of any server that speaks the same; `url` ends in `/v1` for most of them. */
export function openaiModel({
  name,
  key,
  url = OPENAI,
  price = priceOf(name, url),
  timeoutMs = TIMEOUT_MS,
}: Provider): Model {
  const state = { isPlain: false };
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  // OpenAI's newer models refuse the older name of this limit, other servers know no other.
  const limit = url.startsWith(OPENAI) ? "max_completion_tokens" : "max_tokens";
  return async ({ system, user, schema, maxTokens }, signal) => {
    const messages = [
      { role: "system", content: system },
      { role: "user", content: user },
    ];
    const body = { model: name, messages, [limit]: maxTokens, stream: false };
    const { title, ...plain } = schema;
    const format = { type: "json_schema", json_schema: { name: String(title), strict: true, schema: plain } };
    const ask = (isStructured: boolean) =>
      askJson(
        {
          url: `${url.replace(/\/+$/, "")}/chat/completions`,
          headers,
          body: isStructured ? { ...body, response_format: format } : body,
          timeoutMs,
        },
        signal,
      );
    const answer = (await withFallback(ask, state)) as {
      choices?: { message?: { content?: unknown } | null }[];
      usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null;
    } | null;
    const content = Array.isArray(answer?.choices) ? answer.choices[0]?.message?.content : undefined;
    const text = typeof content === "string" ? content : "";
    const tokens = {
      input: countTokens(answer?.usage?.prompt_tokens, system + user),
      output: countTokens(answer?.usage?.completion_tokens, text),
    };
    return { text, tokens, costMicros: costMicros(tokens, price) };
  };
}
