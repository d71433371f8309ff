// Follows the public history while the page is seen: begins where the page was made, goes on where it ended, loses nothing.

/** Milliseconds: a page hidden for longer stops listening; a break that is shorter is not worth a word; after a refusal. */
const HIDDEN = 10_000;
const SHORT_BREAK = 4_000;
const REFUSED = 10_000;
/** Whoever missed more events than this, older than so many milliseconds, had better load the page again. */
const MANY = 2_000;
const OLD = 600_000;

/**
 * @param {number} after position of the last event the page knows
 * @param {{ event: (event: object) => void, votes: (votes: object) => void,
 *   state: (state: "open" | "lost" | "stale") => void }} heard
 */
export function follow(after, heard) {
  let position = after;
  let missed = 0;
  let source;
  let hiding;
  let losing;

  const calm = () => {
    clearTimeout(losing);
    losing = undefined;
  };
  const close = () => {
    calm();
    source?.close();
    source = undefined;
  };
  const open = () => {
    clearTimeout(hiding);
    if (source || document.hidden || missed > MANY) return;
    const opened = new EventSource(`/api/v1/events?stream=1&after=${position}`);
    source = opened;
    opened.onopen = () => {
      calm();
      heard.state("open");
    };
    opened.onerror = () => {
      losing ??= setTimeout(() => heard.state("lost"), SHORT_BREAK);
      if (opened.readyState !== EventSource.CLOSED || source !== opened) return;
      source = undefined;
      setTimeout(open, REFUSED);
    };
    opened.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.position <= position) return;
      position = event.position;
      if (Date.now() - Date.parse(event.recorded_at) > OLD && ++missed > MANY) {
        close();
        heard.state("stale");
      } else heard.event(event);
    };
    opened.addEventListener("votes", ({ data }) => heard.votes(JSON.parse(data)));
  };

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(close, HIDDEN);
    else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}
