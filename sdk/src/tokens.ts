/** A short-lived token in the place of the key (RFC 8693), renewed before it ends, by one call for all who wait. */

/** What an exchange of the key gives. */
interface Exchanged {
  access_token: string;
  /** Seconds. */
  expires_in: number;
}

/** Where the bearer of a call comes from. */
export interface TokenSource {
  /** A token that works. Rejects as the exchange does. */
  token(): Promise<string>;
  /** Forgets a token that was refused. */
  drop(token: string): void;
}

/** How much of a token's life is used before it is renewed. */
const USED = 0.8;

/**
 * Tokens from an exchange.
 * @param now milliseconds of a clock that is never set
 */
export function tokensFrom(
  exchange: () => Promise<Exchanged>,
  now: () => number = () => performance.now(),
): TokenSource {
  let held: { token: string; renewAt: number; endsAt: number } | undefined;
  let renewal: Promise<string> | undefined;
  const renew = async (): Promise<string> => {
    const asked = now();
    try {
      const { access_token, expires_in } = await exchange();
      const ms = expires_in * 1_000;
      held = { token: access_token, renewAt: asked + ms * USED, endsAt: asked + ms };
      return access_token;
    } catch (error) {
      if (held && now() < held.endsAt) return held.token;
      throw error;
    } finally {
      renewal = undefined;
    }
  };
  return {
    async token() {
      if (held && now() < held.renewAt) return held.token;
      renewal ??= renew();
      return renewal;
    },
    drop: (token) => {
      if (held?.token === token) held = undefined;
    },
  };
}
