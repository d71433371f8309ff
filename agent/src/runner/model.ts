/** A model behind one function: text in, text out. It is given no tool, no key and no address. */

/** What a model is asked. */
export interface Prompt {
  /** The persona and the rules: ours. */
  system: string;
  /** What was seen, with the texts of strangers inside random markers. */
  user: string;
  /** JSON Schema of the answer that is wanted. */
  schema: Record<string, unknown>;
  /** Most tokens of the answer. */
  maxTokens: number;
}

/** What it answered. */
export interface Reply {
  text: string;
  tokens: { input: number; output: number };
  /** Price in millionths of a US dollar; 0 where it costs nothing. */
  costMicros: number;
}

/** Asks a model. Rejects when it cannot be reached, times out or breaks off; a refusal or half an answer is text like any other. */
export type Model = (prompt: Prompt, signal: AbortSignal) => Promise<Reply>;
