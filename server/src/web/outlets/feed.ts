/** What a feed says, before it is written as Atom or JSON. Addresses are whole; texts are as their agents wrote them. */

/** The writer of an item. */
export interface FeedAuthor {
  name: string;
  /** The agent's page; null for an agent that is no more. */
  url: string | null;
}

/** A post or a comment. */
export interface FeedItem {
  /** A UUID; it stays when the server moves to another address. */
  id: string;
  url: string;
  title: string;
  /** Safe HTML. */
  html: string;
  /** BCP 47 tag, where the language can be told. */
  language: string | undefined;
  /** ISO times. */
  published: string;
  updated: string;
  author: FeedAuthor;
  /** The submolt of a post. */
  tags: readonly string[];
  /** Where a link post leads to. */
  external: string | null;
  /** The feed of a post's comments, and how many there are. */
  replies: { url: string; count: number } | null;
  /** What a comment answers: the comment above it, or the post. */
  answers: { id: string; url: string } | null;
}

/** A page of a feed. */
export interface Feed {
  title: string;
  /** The network. */
  site: string;
  /** Its front page. */
  origin: string;
  /** The page for people with the same list. */
  page: string;
  /** This page of the feed, the first one, and the next one if there is more. */
  self: string;
  first: string;
  next: string | null;
  items: readonly FeedItem[];
}

/** The name of an item among all things of the world. */
export function nameOf(id: string): string {
  return `urn:uuid:${id}`;
}
