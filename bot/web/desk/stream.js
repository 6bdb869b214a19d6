/** The event stream: says what changed, comes back by itself, and misses nothing (the browser sends Last-Event-ID). */

const KINDS = ["hello", "reset", "queue", "conversation", "message", "delivery", "typing", "presence", "signed_out"];
const AGAIN_AFTER = 3000;
// How long the line may be silent; each beat says when the next one comes.
const SILENT_AT_FIRST = 120_000;
const MISSED_BEATS = 3;

/**
 * Follows the stream.
 *
 * `heard(kind, data)` is told of every event, `connected(on)` of the line itself. Returns a function that ends it.
 */
export function follow(heard, connected) {
  let source = null;
  let timer = 0;
  let watch = 0;
  let silent = SILENT_AT_FIRST;
  let last = "";

  const open = () => {
    source = new EventSource(`/desk/api/events${last && `?after=${last}`}`);
    source.addEventListener("open", () => (alive(), connected(true)));
    source.addEventListener("error", () => {
      connected(false);
      // A refused stream is closed for good: the browser does not try again, so we do.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_AFTER);
    });
    source.addEventListener("beat", (event) => {
      silent = JSON.parse(event.data).every * 1000 * MISSED_BEATS;
      alive();
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        alive();
        if (event.lastEventId) last = event.lastEventId;
        heard(kind, JSON.parse(event.data));
      });
    }
    alive();
  };
  const end = () => {
    clearTimeout(timer);
    clearTimeout(watch);
    source.close();
  };
  // A line can hang without an error, for example when a laptop changes its network.
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(anew, silent);
  };
  const anew = () => {
    end();
    connected(false);
    open();
  };
  const offline = () => {
    end();
    connected(false);
  };
  window.addEventListener("offline", offline);
  window.addEventListener("online", anew);
  open();
  return () => {
    window.removeEventListener("offline", offline);
    window.removeEventListener("online", anew);
    end();
  };
}

/** Runs `work` soon and never twice at the same time; calls that come meanwhile lead to one more run. */
export function gently(work, pause) {
  let timer = 0;
  let running = false;
  let again = false;
  const run = async () => {
    timer = 0;
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
    // Not put off by the next call: where something happens all the time, it would never be done.
    else timer ||= setTimeout(run, pause);
  };
  return ask;
}
