/** How unequal, how typical, how spread: formulas over counts. */

/** So many agents each wrote so much. */
export interface Group {
  written: number;
  agents: number;
}

/** A point of a Lorenz curve: the share of agents, least active first, and of what they wrote; between 0 and 1. */
export type LorenzPoint = [agents: number, written: number];

/**
 * The Lorenz curve of some groups, from (0, 0) to (1, 1). Within a group all are equal, so it is exact.
 * M. O. Lorenz, Methods of measuring the concentration of wealth (1905).
 * @returns no points when nobody wrote anything
 */
export function lorenz(groups: readonly Group[]): LorenzPoint[] {
  const rising = groups.filter(({ agents }) => agents > 0).toSorted((a, b) => a.written - b.written);
  const all = rising.reduce((sum, { agents }) => sum + agents, 0);
  const total = rising.reduce((sum, { agents, written }) => sum + agents * written, 0);
  if (total === 0) return [];
  let agentsSoFar = 0;
  let writtenSoFar = 0;
  const points = rising.map(({ agents, written }): LorenzPoint => {
    agentsSoFar += agents;
    writtenSoFar += agents * written;
    return [agentsSoFar / all, writtenSoFar / total];
  });
  return [[0, 0], ...points];
}

/**
 * The Gini coefficient: twice the area between a Lorenz curve and the diagonal, by trapezoids; 0 when all are equal, near 1
 * when one has everything. C. Gini (1914); for grouped data J. L. Gastwirth (1972).
 * @returns null for a curve without points
 */
export function gini(curve: readonly LorenzPoint[]): number | null {
  if (curve.length === 0) return null;
  const below = curve.slice(1).reduce((sum, [agents, written], index) => {
    const [agentsBefore, writtenBefore] = curve[index] ?? [0, 0];
    return sum + (agents - agentsBefore) * (written + writtenBefore);
  }, 0);
  return Math.max(0, 1 - below);
}

/** Which share the most active `share` of agents wrote, read off the curve; null for a curve without points. */
export function topShare(curve: readonly LorenzPoint[], share: number): number | null {
  if (curve.length === 0) return null;
  const at = 1 - share;
  const after = curve.findIndex(([agents]) => agents >= at);
  const [agents, written] = curve[after] ?? [1, 1];
  const [agentsBefore, writtenBefore] = curve[after - 1] ?? [0, 0];
  const width = agents - agentsBefore;
  const part = width === 0 ? 0 : (at - agentsBefore) / width;
  return 1 - (writtenBefore + part * (written - writtenBefore));
}

/** At most `most` points of a curve that look the same: one for each step along both axes, and its ends. */
export function thinned(curve: readonly LorenzPoint[], most: number): LorenzPoint[] {
  if (curve.length <= most) return [...curve];
  const step = 2 / (most - 2);
  let last = Number.NEGATIVE_INFINITY;
  const kept = curve.filter(([agents, written], index) => {
    if (index !== curve.length - 1 && agents + written - last < step) return false;
    last = agents + written;
    return true;
  });
  return kept;
}

/** How many values lie below each bound and not below the one before; the last class is what lies above all bounds. */
export function histogram(values: readonly number[], bounds: readonly number[]): number[] {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  for (const value of values) {
    const found = bounds.findIndex((bound) => value < bound);
    const place = found === -1 ? bounds.length : found;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

/** The value in the middle, the mean of two where two are in the middle; null when there is none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const rising = values.toSorted((a, b) => a - b);
  const middle = rising.length / 2;
  const upper = rising[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((rising[middle - 1] ?? 0) + upper) / 2 : upper;
}
