/** A fetch that reaches one origin and no other, asks before every request whether any may be made, and reads no endless answer. */

/** Most bytes of one answer. */
const MOST_BYTES = 8_000_000;

/**
 * Pins fetch. The body of a longer answer than there can be breaks off with an error.
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
    return bounded(await base(input, { ...init, redirect: "manual", signal: AbortSignal.any(signals) }));
  };
}

function bounded(answer: Response): Response {
  if (answer.body === null) return answer;
  let bytes = 0;
  const meter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength;
      if (bytes > MOST_BYTES) controller.error(new Error("The answer is too large."));
      else controller.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(meter), answer);
}
