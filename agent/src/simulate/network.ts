/** Carries actions out on a network through its public API, each agent with its own key; what is refused is counted by its code. */
import { ApiError, type Client, createClient } from "@openmolt/sdk";
import { type Action, OWN_KEY, type Performer, REFERENCE, type Ref } from "./action.js";

/** Where and how. */
export interface NetworkOptions {
  /** Where requests go. */
  baseUrl: string;
  /** What links to posts begin with. */
  publicUrl: string;
  /** What a registration carries. */
  registration: Readonly<Record<string, string>>;
  /** Sets the time of the network to so many milliseconds after the beginning; called before every action. */
  moveTo(at: number): void;
  /** What an earlier performer knew of the same network. */
  known?: Known | undefined;
  /** Actions under way at once. Default 12. */
  together?: number;
}

/** What became of the actions. */
export interface Tally {
  done: number;
  /** Refusals by their code: the network's defences at work. */
  refused: Map<string, number>;
  /** Not tried, because what they were about was refused or taken down. */
  dropped: number;
}

interface Place {
  id: string;
  kind: "post" | "comment";
}

/** What a performer must know to carry on with what another began, as plain JSON. Holds keys. */
export interface Known {
  keys: (readonly [who: string, key: string])[];
  places: (readonly [ref: Ref, place: Place])[];
}

/** Performs on a network. Actions of one agent, and those on one thing, keep their order. */
export class NetworkPerformer implements Performer {
  readonly tally: Tally = { done: 0, refused: new Map(), dropped: 0 };
  readonly #options: NetworkOptions;
  readonly #agents = new Map<string, { client: Client; key: string }>();
  readonly #last = new Map<string, Promise<void>>();
  readonly #places = new Map<Ref, Promise<Place | undefined>>();
  readonly #underWay = new Set<Promise<void>>();
  #failure: unknown;

  constructor(options: NetworkOptions) {
    this.#options = options;
    for (const [who, key] of options.known?.keys ?? []) this.#meet(who, key);
    for (const [ref, place] of options.known?.places ?? []) this.#places.set(ref, Promise.resolve(place));
  }

  /** What another performer must know to carry on; waits until everything that was handed over is done. */
  async known(): Promise<Known> {
    await this.settle();
    const places: Known["places"] = [];
    for (const [ref, made] of this.#places) {
      const place = await made;
      if (place !== undefined) places.push([ref, place]);
    }
    return { keys: [...this.#agents].map(([who, { key }]) => [who, key]), places };
  }

  #meet(who: string, key: string): void {
    this.#agents.set(who, {
      client: createClient({ baseUrl: this.#options.baseUrl, apiKey: key, repeat: false }),
      key,
    });
  }

  /** Hands an action over; resolves when there is room for the next. @throws what made the network unreachable */
  async perform(action: Action): Promise<void> {
    while (this.#underWay.size >= (this.#options.together ?? 12)) await Promise.race(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure;
    this.#options.moveTo(action.at);
    const before = this.#last.get(action.who) ?? Promise.resolve();
    const made = before.then(() => this.#act(action));
    if (action.kind === "post" || action.kind === "comment") this.#places.set(action.ref, made);
    const ended = made.then(() => undefined);
    this.#last.set(action.who, ended);
    const tracked = ended.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #act(action: Action): Promise<Place | undefined> {
    try {
      const place = action.kind === "join" ? await this.#join(action) : await this.#carryOut(action);
      this.tally.done += 1;
      return place;
    } catch (error) {
      if (error === MISSING) this.tally.dropped += 1;
      else if (error instanceof ApiError && error.status >= 400 && error.status < 500) {
        this.tally.refused.set(error.code, (this.tally.refused.get(error.code) ?? 0) + 1);
      } else this.#failure ??= error;
      return undefined;
    }
  }

  async #join({ who, about }: Extract<Action, { kind: "join" }>): Promise<undefined> {
    const { baseUrl, registration } = this.#options;
    const nobody = createClient({ baseUrl, headers: { ...registration }, repeat: false });
    const { agent } = await nobody.agents.register({ name: who, description: about });
    this.#meet(who, agent.api_key);
    return undefined;
  }

  async #carryOut(action: Exclude<Action, { kind: "join" }>): Promise<Place | undefined> {
    const agent = this.#agents.get(action.who);
    if (agent === undefined) throw MISSING;
    const { client, key } = agent;
    switch (action.kind) {
      case "found": {
        const { submolt: name, title: display_name, text: description } = action;
        await client.submolts.create({ name, display_name, description });
        return undefined;
      }
      case "subscribe":
        await client.submolts.subscribe({ name: action.submolt });
        return undefined;
      case "follow":
        await client.agents.follow({ name: action.whom });
        return undefined;
      case "message":
        await client.messages.request({ to: action.whom, message: action.text });
        return undefined;
      case "post": {
        const content = await this.#linked(action.text);
        const { post } = await client.posts.create({ submolt_name: action.submolt, title: action.title, content });
        return { id: post.id, kind: "post" };
      }
      case "comment": {
        const { id: post_id } = await this.#placeOf(action.post);
        const parent_id = action.parent === undefined ? undefined : (await this.#placeOf(action.parent)).id;
        const content = (await this.#linked(action.text)).replace(OWN_KEY, key);
        const { comment } = await client.comments.create({ post_id, content, ...(parent_id ? { parent_id } : {}) });
        return { id: comment.id, kind: "comment" };
      }
      default: {
        const { id, kind } = await this.#placeOf(action.on);
        await judge(client, action, id, kind);
        return undefined;
      }
    }
  }

  async #placeOf(ref: Ref): Promise<Place> {
    const place = await this.#places.get(ref);
    if (place === undefined) throw MISSING;
    return place;
  }

  /** Puts addresses where a text refers to earlier posts. */
  async #linked(text: string): Promise<string> {
    let linked = text;
    for (const [whole, ref] of text.matchAll(REFERENCE)) {
      const { id } = await this.#placeOf(Number(ref));
      linked = linked.replace(whole, `(${this.#options.publicUrl}/post/${id})`);
    }
    return linked;
  }
}

/** What an action is about is not there. */
const MISSING = new Error("What this action is about is not there");

type Judgement = Extract<Action, { kind: "vote" | "report" | "remove" }>;

async function judge(client: Client, action: Judgement, id: string, kind: Place["kind"]): Promise<void> {
  if (action.kind === "vote") {
    const { value } = action;
    if (kind === "post") await client.votes.votePost({ post_id: id, value });
    else await client.votes.voteComment({ comment_id: id, value });
    return;
  }
  const { reason } = action;
  if (action.kind === "report") {
    if (kind === "post") await client.moderation.reportPost({ post_id: id, reason });
    else await client.moderation.reportComment({ comment_id: id, reason });
  } else if (kind === "post") await client.posts.remove({ post_id: id, reason });
  else await client.comments.remove({ comment_id: id, reason });
}
