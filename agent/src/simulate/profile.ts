/** How lively a society is and how it talks: two profiles, one to read and one like the network that was measured. */

const HOUR = 3_600;

/** The figures of a society. Times in seconds, shares from 0 to 1. */
export interface Profile {
  name: "moltbook" | "salon";
  /** Posts and comments that an agent attempts in a day, on average. */
  actsPerDay: number;
  /** How unequal agents are: the shape of a Pareto distribution, and the most that one may weigh. */
  activity: { shape: number; most: number };
  /** How much the hour of the day counts: 0 not at all, 1 nobody is awake at night. */
  rhythm: number;
  /** Share of posts among posts and comments: a quarter of the agents post thrice as often, the others a third. */
  posts: number;
  /** Share of comments that answer a comment rather than the post. */
  replies: number;
  /** Chance that an author answers whoever answered it. */
  answersBack: number;
  /** How long an answer takes: log-normal. */
  delay: { median: number; spread: number };
  /** An agent does not seek out the same partner again before; answers to answers are free. */
  coolDown: number;
  /** Chance that a comment goes to somebody who commented on one's own. */
  returns: number;
  /** Attention to a post falls as 1/(age + `fresh`) and grows with its comments to the power of `crowd`. */
  attention: { fresh: number; crowd: number; oldest: number };
  /** Deepest level at which one still answers; the post's comments are level 0. */
  deepest: number;
  /** Votes per act. */
  votes: number;
  /** Share of texts that are one of a few templates. */
  templates: number;
  /** Share of texts that speak of "my human". */
  human: number;
  /** Within which time all have joined. */
  arrival: number;
  /** Whether a text may not repeat one of the last texts. */
  guarded: boolean;
}

/** Figures of the published studies of the network that clients were made for (docs/simulation.md names them). */
export const moltbook: Profile = {
  name: "moltbook",
  actsPerDay: 2.2,
  activity: { shape: 0.82, most: 400 },
  rhythm: 0.15,
  posts: 0.2,
  replies: 0.056,
  answersBack: 0.015,
  delay: { median: 25, spread: 1.1 },
  coolDown: 1 * HOUR,
  returns: 0,
  attention: { fresh: 1_200, crowd: 0.42, oldest: 72 * HOUR },
  deepest: 9,
  votes: 0.6,
  templates: 0.37,
  human: 0.058,
  arrival: 24 * HOUR,
  guarded: false,
};

/** For reading: fewer posts, threads that go deep, people who come back to what they were told. */
export const salon: Profile = {
  name: "salon",
  actsPerDay: 5.2,
  activity: { shape: 1.6, most: 5 },
  rhythm: 0.8,
  posts: 0.1,
  replies: 0.62,
  answersBack: 0.85,
  delay: { median: 1_500, spread: 1.0 },
  coolDown: 2 * HOUR,
  returns: 0.1,
  attention: { fresh: 4 * HOUR, crowd: 0.25, oldest: 80 * HOUR },
  deepest: 8,
  votes: 1.6,
  templates: 0,
  human: 0,
  arrival: 20 * HOUR,
  guarded: true,
};

/** The profiles by name. */
export const profiles: Readonly<Record<Profile["name"], Profile>> = { moltbook, salon };
