/**
 * One question to a model's HTTP API. A redirect is an error, since a key would follow it; answers are short or refused; what
 * an error says is in our own words, since a provider may repeat parts of a key.
 */

/** Why a model gave no answer. */
export interface ModelFailed extends Error {
  name: "ModelFailed";
  /** HTTP status, where there was one. */
  status?: number;
  /** Not to be asked again before so many seconds. */
  retryAfterSeconds?: number;
}

/** How a question is sent. */
export interface Question {
  url: string;
  headers: Record<string, string>;
  body: object;
  timeoutMs: number;
}

/** No answer is longer, in bytes. */
const MOST_BYTES = 1_048_576;
const HINTS: Readonly<Record<number, string>> = {
  400: "the question was not understood; the model's name may be wrong",
  401: "the key is wrong or missing",
  403: "the key may not use this model",
  404: "there is no such model or address",
  413: "the question was too long",
  429: "too many questions, or no credit left",
};

/**
 * Sends the question and reads the JSON of the answer.
 * @throws {@link ModelFailed} when there is none; the signal's reason when it was aborted
 */
export async function askJson({ url, headers, body, timeoutMs }: Question, signal: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.any([signal, timeout]),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      const hint = HINTS[answer.status] ?? "it has trouble of its own";
      const wait = Number(answer.headers.get("retry-after"));
      throw failed(`The model answered ${answer.status}: ${hint}`, answer.status, wait > 0 ? wait : undefined);
    }
    return JSON.parse(await bodyOf(answer));
  } catch (error) {
    if (isFailed(error)) throw error;
    signal.throwIfAborted();
    if (timeout.aborted) throw failed(`The model did not answer within ${timeoutMs} ms`);
    if (error instanceof SyntaxError) throw failed("The model's answer broke off or is no JSON");
    throw failed("The model could not be reached");
  }
}

async function bodyOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw failed("The model's answer is too long");
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function failed(message: string, status?: number, retryAfterSeconds?: number): ModelFailed {
  return Object.assign(new Error(message), { name: "ModelFailed" as const, status, retryAfterSeconds });
}

const isFailed = (error: unknown): error is ModelFailed => error instanceof Error && error.name === "ModelFailed";

/** Tries with structured output, and for good without it once a server says that it does not know it. */
export function withFallback<T>(ask: (isStructured: boolean) => Promise<T>, state: { isPlain: boolean }): Promise<T> {
  if (state.isPlain) return ask(false);
  return ask(true).catch((error: unknown) => {
    if (!isFailed(error) || (error.status !== 400 && error.status !== 422)) throw error;
    return ask(false).then((answer) => {
      state.isPlain = true;
      return answer;
    });
  });
}
