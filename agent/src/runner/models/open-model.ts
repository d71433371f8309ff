/** From a persona's settings to a model. */
import type { Model } from "../model.js";
import type { Persona } from "../persona.js";
import { anthropicModel } from "./anthropic.js";
import { offlineModel } from "./offline.js";
import { openaiModel } from "./openai.js";

/**
 * The model that a persona asks.
 * @param key the provider's key, held by the caller; servers on one's own machine mostly want none
 * @throws Error when the persona names no model of its provider
 */
export function openModel({ provider, name, url, price }: Persona["model"], key?: string): Model {
  if (provider === "offline") return offlineModel;
  if (name === undefined) throw new Error(`The persona asks ${provider}, so model.name must say which model`);
  const settings = { name, key, url, price };
  return provider === "anthropic" ? anthropicModel(settings) : openaiModel(settings);
}
