/** What has happened so far in a society: its threads, who wrote to whom, who founded what. Only the engine changes it. */
import type { Ref } from "./action.js";
import type { Hostility, Language, Person, Theme } from "./person.js";
import type { Line, Scene } from "./writer/scene.js";

/** A post or a comment. */
export interface Thing {
  ref: Ref;
  author: Person;
  /** Milliseconds since the beginning. */
  at: number;
  /** Posts have a title; comments have what they answer. */
  title?: string;
  parent?: Thing;
  /** The post of the thread: itself for a post. */
  post: Thing;
  text: string;
  language: Language;
  theme: Theme;
  submolt: string;
  /** Level of a comment; -1 for a post. */
  depth: number;
  /** What the conversation that was written for it offers from here, and which lines the thread has had. */
  line: Line | undefined;
  said: Set<Line>;
  /** The values that a thread's blanks were filled with: its facts. */
  facts: Map<string, string>;
  scene?: Scene;
  /** Everything below a post. */
  comments: Thing[];
  hostile?: Hostility;
  gone?: boolean;
}

/** The state of a society. */
export class World {
  /** All posts, oldest first. */
  readonly posts: Thing[] = [];
  /** Who is here, in the order of arrival. */
  readonly present: Person[] = [];
  /** The founder of each submolt. */
  readonly founders = new Map<string, Person>();
  /** When one last sought out another: "one\nother". */
  readonly sought = new Map<string, number>();
  /** Who voted on what, and who follows whom: "one\nother". */
  readonly voted = new Set<string>();
  readonly follows = new Set<string>();
  /** Who wrote to one, latest last. */
  readonly callers = new Map<string, Person[]>();
  #refs = 0;

  /** A number for what is written next. */
  nextRef(): Ref {
    return ++this.#refs;
  }

  /** Where the posts begin that are not older than a time. */
  firstSince(at: number): number {
    let [from, to] = [0, this.posts.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.posts[middle]?.at ?? 0) < at) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Notes what was written. */
  add(thing: Thing): void {
    if (thing.parent === undefined) {
      this.posts.push(thing);
      return;
    }
    thing.post.comments.push(thing);
    const target = thing.parent.author;
    if (target === thing.author) return;
    this.sought.set(`${thing.author.name}\n${target.name}`, thing.at);
    const callers = this.callers.get(target.name) ?? [];
    if (!callers.includes(thing.author)) callers.push(thing.author);
    if (callers.length > 40) callers.shift();
    this.callers.set(target.name, callers);
  }
}

/** A post as it is opened, which nobody has said anything under. */
export function newPost(
  made: Pick<Thing, "ref" | "author" | "at" | "text" | "language" | "theme" | "submolt"> & { title: string },
): Thing {
  const rest = { depth: -1, line: undefined, said: new Set<Line>(), facts: new Map<string, string>(), comments: [] };
  const unfinished: Omit<Thing, "post"> = { ...made, ...rest };
  return Object.assign(unfinished, { post: unfinished as Thing }) as Thing;
}
