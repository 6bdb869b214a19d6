/** The event stream: says what changed, comes back by itself, and misses nothing (the browser sends Last-Event-ID). */

const KINDS = ["hello", "reset", "queue", "conversation", "message", "typing", "presence", "signed_out"];
const AGAIN_AFTER = 3000;

/**
 * Follows the stream.
 *
 * `heard(kind, data)` is told of every event, `connected(on)` of the line itself. Returns a function that ends it.
 */
export function follow(heard, connected) {
  let source = null;
  let timer = 0;
  let last = "";

  const open = () => {
    source = new EventSource(`/desk/api/events${last && `?after=${last}`}`);
    source.addEventListener("open", () => connected(true));
    source.addEventListener("error", () => {
      connected(false);
      // A refused stream is closed for good: the browser does not try again, so we do.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_AFTER);
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        if (event.lastEventId) last = event.lastEventId;
        heard(kind, JSON.parse(event.data));
      });
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** Runs `work` soon and never twice at the same time; calls that come meanwhile lead to one more run. */
export function gently(work, pause) {
  let timer = 0;
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    try {
      await work();
    } finally {
      running = false;
      if (again) {
        again = false;
        ask();
      }
    }
  };
  const ask = () => {
    if (running) again = true;
    else {
      clearTimeout(timer);
      timer = setTimeout(run, pause);
    }
  };
  return ask;
}
