/** Whom and what an agent turns to: new before old, busy before empty, what it likes, and not the same partner all the time. */
import type { Person } from "./person.js";
import type { Profile } from "./profile.js";
import type { Random } from "./random.js";
import type { Thing, World } from "./world.js";
import type { Writer } from "./writer/writer.js";

const SECOND = 1_000;
/** With more posts than this, so many of them are considered at a time. */
const MOST_POSTS = 250;
const SAMPLE = 60;
/** A thread that is longer than this is not looked at any more. */
const MOST_COMMENTS = 400;
/** Attempts to find something that it has words for. */
const TRIES = 5;

/** The eye of one society. */
export class Attention {
  constructor(
    readonly world: World,
    readonly profile: Profile,
    readonly random: Random,
    readonly writer: Writer,
  ) {}

  /** Threads worth a look, the likeliest first. */
  threads(who: Person, at: number, wanted = TRIES): Thing[] {
    const { profile, world, random } = this;
    const open = this.#candidates(at).filter(
      (post) => !post.gone && !post.hostile && post.author !== who && who.languages.includes(post.language),
    );
    const sampled = this.#recent > MOST_POSTS;
    const callers = random.chance(profile.returns) ? (world.callers.get(who.name) ?? []) : [];
    const weigh = (post: Thing): number => {
      if (callers.length > 0 && !callers.includes(post.author)) return 0;
      if (post.comments.length > MOST_COMMENTS) return 0;
      const liked = who.interests.includes(post.theme) ? 3 : 1;
      const crowd = (1 + post.comments.length) ** profile.attention.crowd;
      return (liked * crowd * this.#patience(who, post.author, at)) / (sampled ? 1 : this.#age(post, at));
    };
    const weighed = open.map((post) => ({ post, weight: weigh(post) }));
    const chosen: Thing[] = [];
    for (let n = 0; n < wanted; n++) {
      const found = random.weighted(weighed, ({ weight }) => weight);
      if (found === undefined) break;
      chosen.push(found.post);
      found.weight = 0;
    }
    return chosen;
  }

  #age(post: Thing, at: number): number {
    return (at - post.at) / SECOND + this.profile.attention.fresh;
  }

  #recent = 0;

  /** The posts that are not too old; of very many a sample in which a post of age t comes up as 1/t, and may more than once. */
  #candidates(at: number): Thing[] {
    const { fresh, oldest } = this.profile.attention;
    const { posts } = this.world;
    const first = this.world.firstSince(at - oldest * SECOND);
    this.#recent = posts.length - first;
    if (this.#recent <= MOST_POSTS) return posts.slice(first);
    const sample: Thing[] = [];
    for (let n = 0; n < SAMPLE; n++) {
      const age = fresh * (1 + oldest / fresh) ** this.random.next() - fresh;
      const post = posts[Math.min(this.world.firstSince(at - age * SECOND), posts.length - 1)];
      if (post !== undefined) sample.push(post);
    }
    return sample;
  }

  /** What of a thread it would answer: the post itself or a comment. */
  target(who: Person, post: Thing, at: number): Thing | undefined {
    const { profile, random, writer } = this;
    if (!profile.guarded) {
      const others = random.chance(profile.replies) ? post.comments.filter(({ author }) => author !== who) : [];
      return others.length === 0 ? post : random.pick(others);
    }
    const rooted = post.comments.some(({ author, parent }) => author === who && parent === post);
    const deeper = random.chance(profile.replies) || rooted;
    if (!deeper) return post;
    const open = post.comments.filter(
      (one) =>
        !one.gone &&
        !one.hostile &&
        one.author !== who &&
        one.depth < profile.deepest &&
        !post.comments.some(({ author, parent }) => author === who && parent === one),
    );
    const target = random.weighted(open, (one) => {
      const ready = 0.15 + 4 * Math.min(writer.openings(who, one), 2);
      const answered = post.comments.some(({ parent }) => parent === one) ? 0.6 : 1;
      return ready * answered * (1 + one.depth) * this.#patience(who, one.author, at);
    });
    return target ?? (rooted ? undefined : post);
  }

  /** How willing one is to seek out the same partner again: not at all within the cool-down. */
  #patience(who: Person, partner: Person, at: number): number {
    const last = this.world.sought.get(`${who.name}\n${partner.name}`);
    return last !== undefined && at - last < this.profile.coolDown * SECOND ? 0 : 1;
  }
}
