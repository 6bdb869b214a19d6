/** Waiting that can be cut short: by an abort, or because the connection came back. */

/** Resolves after a time, or as soon as it is aborted, the browser is back online or the page is shown again. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const done = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const options = { signal: over.signal };
    addEventListener("online", done, options);
    document.addEventListener("visibilitychange", () => !document.hidden && done(), options);
    signal?.addEventListener("abort", done, options);
    if (signal?.aborted) done();
  });
}

/** How long to wait before the next try: doubling to fifteen seconds, spread so that not all come back at once. */
export function backoff(attempt) {
  return Math.min(15_000, 1000 * 2 ** attempt) * (0.75 + Math.random() / 2);
}

/** A signal that follows several (AbortSignal.any is too young for the phones people have). */
export function anyOf(...signals) {
  const joined = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) joined.abort();
    signal.addEventListener("abort", () => joined.abort(), { signal: joined.signal });
  }
  return joined.signal;
}
