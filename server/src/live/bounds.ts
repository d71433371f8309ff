/** What the live stream may cost: how many watch, how much is kept for them, how long one waits for the slow. */

/** Events kept in memory for those who come back after a moment; who missed more reads the database. */
export const RING_SIZE = 1_000;
/** Streams open from one address; a household with many tabs, not a crowd. Not counted where limits are off. */
export const PER_ADDRESS = 50;
/** Streams open in all; each costs a socket and some 20 kB. */
export const IN_ALL = 10_000;
/** Bytes waiting for one watcher; who falls further behind is cut off and may come back with its cursor. */
export const MOST_WAITING_BYTES = 262_144;
/** Milliseconds one write of a watcher's catch-up may take. */
export const SLOWEST_WRITE_MS = 30_000;
/** Milliseconds between comments that keep proxies from closing a quiet stream. */
export const HEARTBEAT_MS = 20_000;
/** Milliseconds between looks for events that another process placed, and between two tellings of votes. */
export const BEAT_MS = 1_000;
/** Events read at once. */
export const BATCH = 200;
/** Events written to a watcher at once when it has caught up. */
export const FEW = 50;
/** Things whose votes are told at once; the rest waits a beat. */
export const VOTES_AT_ONCE = 500;
/** Milliseconds a client waits before it comes back. */
export const RETRY_MS = 3_000;
/** Milliseconds a stream lasts where only members read: who comes back with its cursor is asked again who it is. */
export const MEMBER_STREAM_MS = 60_000;
