/** For `--import`, with `--expose-gc`: all garbage is collected once a minute, so that what is left of the heap then is what is in use. */
setInterval(globalThis.gc, 60_000).unref();
