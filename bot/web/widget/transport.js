/**
 * Speaks the webchat HTTP contract (docs/contracts.md) and keeps the session.
 *
 * Same origin: the HttpOnly cookie is the credential; no token is kept where a script could read it.
 * Another origin (attribute `server`): cookies would not travel, so the token is kept and sent as a bearer.
 * Events are read with fetch rather than EventSource: one way for both, it can carry the bearer, and it sees a 401.
 */

import { anyOf } from "./waiting.js";

const TIMEOUT = 15_000;
// Longer than two heartbeats of the server: a stream as silent as this is dead.
const SILENCE = 60_000;
const AGAIN = new Set([408, 425, 429]);

/** An answer that is not a success; `permanent` when the same request can never succeed. */
export class HttpError extends Error {
  /** `reason`: the server's words, for the customer; `after`: seconds it asks us to wait. */
  constructor(status, reason, after = 0) {
    super(reason || `HTTP ${status}`);
    this.status = status;
    this.reason = reason;
    this.after = after;
    this.permanent = status >= 400 && status < 500 && status !== 401 && !AGAIN.has(status);
  }
}

/** The calls of one conversation. */
export class Transport {
  #server;
  #storage;
  #language;
  #opening = null;

  constructor({ server, storage, language }) {
    this.#server = server;
    this.#storage = storage;
    this.#language = language;
  }

  get session() {
    return this.#storage.get("session");
  }

  get #sameOrigin() {
    return this.#server === location.origin;
  }

  /** Opens a session unless there is one; asked for twice, it is opened once. */
  async open() {
    if (this.session) return;
    this.#opening ??= this.#create().finally(() => (this.#opening = null));
    await this.#opening;
  }

  /** Forgets a session the server no longer knows. A newer one than the one that failed is left alone. */
  forget(conversation) {
    if (this.session?.conversation === conversation) this.#storage.set("session", undefined);
  }

  /** Remembers how far the customer has read. */
  read(seq) {
    const session = this.session;
    if (session && seq > session.lastSeq) this.#storage.set("session", { ...session, lastSeq: seq });
  }

  async send({ client_id, text, payload }) {
    const body = JSON.stringify(payload ? { client_id, payload } : { client_id, text });
    return (await this.#call("/webchat/messages", { method: "POST", body })).json();
  }

  async messages(seq) {
    return (await this.#call(`/webchat/messages?after=${seq}`)).json();
  }

  /** Follows the conversation's events until the server or the signal ends it. */
  async events(seq, onEvent, signal) {
    const quiet = new AbortController();
    const either = anyOf(signal, quiet.signal);
    let watchdog = setTimeout(() => quiet.abort(), TIMEOUT);
    try {
      const headers = { Accept: "text/event-stream" };
      const response = await this.#call(`/webchat/events?after=${seq}`, { headers, signal: either });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => quiet.abort(), SILENCE);
        const { value, done } = await reader.read();
        if (done) return;
        const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) deliver(block, onEvent);
      }
    } finally {
      clearTimeout(watchdog);
      quiet.abort();
    }
  }

  async #create() {
    const body = JSON.stringify({ language: this.#language() });
    const response = await this.#call("/webchat/sessions", { method: "POST", body });
    const { conversation, token } = await response.json();
    this.#storage.set("session", { conversation, lastSeq: 0, ...(this.#sameOrigin ? {} : { token }) });
  }

  async #call(path, { headers = {}, ...options } = {}) {
    const token = this.session?.token;
    const response = await fetch(this.#server + path, {
      credentials: this.#sameOrigin ? "same-origin" : "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
      ...options,
      headers: {
        "Accept-Language": this.#language(),
        ...(options.body ? { "Content-Type": "application/json" } : {}),
        ...(token && !this.#sameOrigin ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
    });
    if (response.ok) return response;
    const problem = await response.json().catch(() => null);
    const { message, details } = problem?.error ?? {};
    throw new HttpError(response.status, String(details?.text ?? message ?? ""), Number(response.headers.get("Retry-After")) || 0);
  }
}

/** Hands on one block of an event stream; comments and anything unreadable are passed over. */
function deliver(block, callback) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  if (!data.length) return;
  try {
    callback(name, JSON.parse(data.join("\n")));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}
