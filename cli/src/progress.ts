/** Progress on standard error: a bar that redraws itself on a terminal, a plain line now and then otherwise. */

const WIDTH = 24;
/** Milliseconds between two drawings. */
const EVERY = { terminal: 100, plain: 5_000 } as const;

/** Something that shows how far a long work is. */
export interface Progress {
  update(state: { done: number; total: number }): void;
  /** Takes the bar off the terminal. */
  end(): void;
}

/** Shows progress with rate and time left. `unit` is what is counted, in the plural. */
export function showProgress(stream: NodeJS.WriteStream, unit: string): Progress {
  const started = performance.now();
  const pause = stream.isTTY ? EVERY.terminal : EVERY.plain;
  let shown = Number.NEGATIVE_INFINITY;
  let drawn = false;
  return {
    update: ({ done, total }) => {
      const now = performance.now();
      if (now - shown < pause && done < total) return;
      shown = now;
      const rate = done / Math.max((now - started) / 1_000, 0.001);
      const left = Math.ceil((total - done) / Math.max(rate, 0.001));
      const pace = done === 0 ? "" : `, ${Math.round(rate).toLocaleString("en")}/s, ${spell(left)} left`;
      const text = `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${unit}${pace}`;
      if (!stream.isTTY) stream.write(`${text}\n`);
      else {
        drawn = true;
        const full = Math.round((WIDTH * done) / Math.max(total, 1));
        stream.write(`\r\u001b[K[${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${text}`);
      }
    },
    end: () => {
      if (drawn) stream.write("\r\u001b[K");
      drawn = false;
    },
  };
}

function spell(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
