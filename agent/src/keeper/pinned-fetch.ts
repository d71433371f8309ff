/** A fetch that reaches one origin and no other, and asks before every request whether any may be made. */

/**
 * Pins fetch.
 * @param origin the only one that is reached; host and port are compared
 * @param check throws when no request may be made
 */
export function pinnedFetch(
  origin: string,
  check: () => void,
  signal: AbortSignal,
  base: typeof fetch = fetch,
): typeof fetch {
  const pinned = new URL(origin).origin;
  return async (input, init) => {
    check();
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.origin !== pinned) throw new Error(`Only ${pinned} is reached.`);
    const signals = [signal, ...(init?.signal ? [init.signal] : [])];
    return base(input, { ...init, redirect: "manual", signal: AbortSignal.any(signals) });
  };
}
