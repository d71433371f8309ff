/**
 * Agents that write all the time, each one thing after another: posts, comments, votes, edits, deletions, follows, messages.
 * They choose what the others are busy with, so that their writes meet. Every acknowledged write goes into the ledger.
 */
import { createClient } from "../sdk/dist/client.js";
import { insist } from "./insist.mjs";
import { between, oneOf, randomFrom } from "./random.mjs";

/** The newest things are written about, so many of them. */
const RECENT = 25;
/** How often a request is sent twice at the same time, as by a client that lost patience. */
const TWINS = 0.08;

/** What a writer does next, by weight. */
const DEEDS = Object.entries({
  post: 14,
  comment: 20,
  reply: 14,
  togglePost: 14,
  setPost: 8,
  toggleComment: 10,
  editPost: 5,
  editComment: 5,
  deletePost: 2,
  deleteComment: 3,
  follow: 7,
  message: 6,
});
const ALL_WEIGHTS = DEEDS.reduce((sum, [, weight]) => sum + weight, 0);

function drawDeed(random) {
  let left = random() * ALL_WEIGHTS;
  for (const [deed, weight] of DEEDS) {
    left -= weight;
    if (left < 0) return deed;
  }
  return DEEDS[0][0];
}

/** One agent that writes. */
class Writer {
  #random;
  #count = 0;

  constructor(world, index) {
    this.world = world;
    this.me = world.agents[index];
    this.#random = randomFrom(world.seed * 1_000 + index);
    this.client = createClient({ repeat: false, baseUrl: world.origin, apiKey: this.me.key });
  }

  /** A text that no other write has. */
  #text(what) {
    this.#count += 1;
    return `${this.world.mark} ${what} ${this.#count} of ${this.me.name}`;
  }

  /** Sends a write, sometimes twice at once; hears what was acknowledged, undefined when it was refused. */
  async #send(what, send, madeAt) {
    const { ledger, mark } = this.world;
    this.#count += 1;
    const key = `${mark}-${this.me.name}-${this.#count}`;
    const twins = this.#random() < TWINS ? 2 : 1;
    const outcomes = await Promise.all(Array.from({ length: twins }, () => insist(ledger, what, key, send)));
    const [{ answer, refused, lost, sentAt }] = outcomes;
    const [first, second = first] = outcomes.map((outcome) => JSON.stringify(outcome.answer ?? outcome.refused));
    if (first !== second) ledger.violation(`${what}: the same request was answered ${first} and ${second}`);
    if (lost > 0) ledger.unknown += 1;
    if (refused !== undefined) {
      ledger.refused += 1;
      return undefined;
    }
    ledger.acknowledged += 1;
    this.world.heard(sentAt);
    if (lost > 0 && madeAt !== undefined) {
      ledger.dated += 1;
      // Made before the request that was answered had left: an earlier one, whose answer got lost, had done it.
      if (Date.parse(madeAt(answer)) < sentAt) ledger.doneBefore += 1;
    }
    return answer;
  }

  #recent(things, fits) {
    const found = [];
    for (let n = things.length - 1; n >= 0 && found.length < RECENT; n--) {
      if (!things[n].deleted && !things[n].going && fits(things[n])) found.push(things[n]);
    }
    return oneOf(this.#random, found);
  }

  #post = (fits = () => true) => this.#recent(this.world.postList, fits);
  #comment = (fits = () => true) => this.#recent(this.world.commentList, fits);
  #isMine = ({ author }) => author === this.me.id;
  #isOther = ({ author }) => author !== this.me.id;

  /** Does one thing. */
  async step() {
    await this[drawDeed(this.#random)]();
  }

  async post() {
    const { ledger, submolts, postList } = this.world;
    const submolt = oneOf(this.#random, submolts);
    const title = this.#text("post");
    const length = between(this.#random, 20, this.world.longestPost);
    const content = Array.from({ length: Math.ceil(length / 8) }, () => this.#random().toString(36).slice(2, 9)).join(
      " ",
    );
    const answer = await this.#send(
      `post ${title}`,
      (options) => this.client.posts.create({ submolt_name: submolt, title, content }, options),
      ({ post }) => post.created_at,
    );
    if (answer === undefined) return;
    const post = { id: answer.post.id, author: this.me.id, submolt, title, content, version: 1, deleted: false };
    ledger.posts.set(post.id, post);
    ledger.touch("post", post.id, this.me);
    postList.push(post);
  }

  comment = () => this.#answer(undefined);
  reply = () => this.#answer(this.#comment(({ post }) => !post.deleted && !post.going));

  async #answer(parent) {
    const { ledger, commentList } = this.world;
    const post = parent?.post ?? this.#post();
    if (post === undefined) return this.post();
    const content = this.#text(parent === undefined ? "comment" : "reply");
    const input = { post_id: post.id, content, ...(parent === undefined ? {} : { parent_id: parent.id }) };
    const answer = await this.#send(
      `comment ${content} on ${parent?.id ?? post.id}`,
      (options) => this.client.comments.create(input, options),
      ({ comment }) => comment.created_at,
    );
    if (answer === undefined) return;
    const { id } = answer.comment;
    const comment = { id, postId: post.id, post, parentId: parent?.id ?? null, author: this.me.id };
    Object.assign(comment, { content, version: 1, deleted: false });
    ledger.comments.set(id, comment);
    ledger.touch("comment", id, this.me);
    commentList.push(comment);
  }

  async #vote(kind, target, verb, value, isToggle) {
    if (target === undefined) return this.post();
    const { ledger } = this.world;
    const before = ledger.voteOf(this.me.id, kind, target.id);
    const after = isToggle && before === value ? 0 : value;
    const input = { [`${kind}_id`]: target.id, ...(isToggle ? {} : { value }) };
    const what = `${verb} ${value} on ${target.id}, which has ${before} of ${this.me.name}`;
    const answer = await this.#send(what, (options) => this.client.votes[verb](input, options));
    if (answer === undefined) return;
    if (answer.your_vote !== after) ledger.violation(`${what}: answered with ${answer.your_vote} instead of ${after}`);
    ledger.setVote(this.me.id, kind, target.id, after);
    ledger.touch(kind, target.id, this.me);
  }

  togglePost() {
    const isUp = this.#random() < 0.7;
    return this.#vote("post", this.#post(this.#isOther), isUp ? "upvotePost" : "downvotePost", isUp ? 1 : -1, true);
  }

  toggleComment() {
    const isUp = this.#random() < 0.7;
    const verb = isUp ? "upvoteComment" : "downvoteComment";
    return this.#vote("comment", this.#comment(this.#isOther), verb, isUp ? 1 : -1, true);
  }

  setPost() {
    return this.#vote("post", this.#post(this.#isOther), "votePost", between(this.#random, -1, 1), false);
  }

  async editPost() {
    const post = this.#post((one) => this.#isMine(one) && one.version < 50);
    if (post === undefined) return this.post();
    const content = this.#text("edited post");
    const input = { post_id: post.id, content };
    const answer = await this.#send(`edit ${post.id} to ${content}`, (options) =>
      this.client.posts.edit(input, options),
    );
    if (answer === undefined) return;
    Object.assign(post, { content, version: post.version + 1 });
    this.world.ledger.touch("post", post.id, this.me);
  }

  async editComment() {
    const comment = this.#comment((one) => this.#isMine(one) && one.version < 50);
    if (comment === undefined) return this.comment();
    const content = this.#text("edited comment");
    const input = { comment_id: comment.id, content };
    const answer = await this.#send(`edit ${comment.id} to ${content}`, (options) =>
      this.client.comments.edit(input, options),
    );
    if (answer === undefined) return;
    Object.assign(comment, { content, version: comment.version + 1 });
    this.world.ledger.touch("comment", comment.id, this.me);
  }

  async #delete(kind, thing, send) {
    if (thing === undefined) return this.post();
    thing.going = true;
    const answer = await this.#send(`delete ${thing.id}`, send);
    // Only the writer itself deletes what it wrote, and only once.
    if (answer === undefined) this.world.ledger.violation(`delete ${thing.id} was refused although it is there`);
    else thing.deleted = true;
    this.world.ledger.touch(kind, thing.id, this.me);
  }

  deletePost() {
    const post = this.#post(this.#isMine);
    return this.#delete("post", post, (options) => this.client.posts.remove({ post_id: post.id }, options));
  }

  deleteComment() {
    const comment = this.#comment((one) => this.#isMine(one) && !one.post.deleted && !one.post.going);
    return this.#delete("comment", comment, (options) =>
      this.client.comments.remove({ comment_id: comment.id }, options),
    );
  }

  async follow() {
    const { ledger, agents } = this.world;
    const other = oneOf(
      this.#random,
      agents.filter(({ id }) => id !== this.me.id),
    );
    const edge = `${this.me.id} ${other.id}`;
    const follows = ledger.follows.has(edge);
    const verb = follows ? "unfollow" : "follow";
    const what = `${this.me.name} ${verb}s ${other.name}`;
    const answer = await this.#send(what, (options) => this.client.agents[verb]({ name: other.name }, options));
    if (answer === undefined) return;
    if (answer.action !== `${verb}ed`) ledger.violation(`${what}: answered with ${answer.action}`);
    if (follows) ledger.follows.delete(edge);
    else ledger.follows.add(edge);
  }

  async message() {
    const { ledger } = this.world;
    const conversation = this.me.conversation;
    if (conversation === undefined) return this.follow();
    const message = this.#text("message");
    const answer = await this.#send(
      message,
      (options) => this.client.messages.send({ conversation_id: conversation, message }, options),
      ({ created_at }) => created_at,
    );
    if (answer === undefined) return;
    ledger.messages.set(answer.message_id, {
      id: answer.message_id,
      conversation,
      sender: this.me.id,
      content: message,
    });
  }
}

/** All writers of a network together. */
export class Writers {
  #running;
  #stop = false;
  #failure;

  /** @param world see world.mjs; @param pauseMs milliseconds a writer rests after each thing it did */
  constructor(world, pauseMs = 0) {
    this.pauseMs = pauseMs;
    this.list = world.agents.map((_, index) => new Writer(world, index));
  }

  /** Lets all of them write until {@link stop}. */
  start() {
    this.#stop = false;
    this.#running = Promise.all(this.list.map((writer) => this.#work(writer)));
    // Whoever stops them hears of it.
    this.#running.catch((error) => {
      this.#stop = true;
      this.#failure = error;
    });
  }

  /** Stops them and waits until everything under way is acknowledged. */
  async stop() {
    this.#stop = true;
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #work(writer) {
    while (!this.#stop) {
      await writer.step();
      if (this.pauseMs > 0 && !this.#stop) await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
    }
  }
}
