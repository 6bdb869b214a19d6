/**
 * Speaks the webchat HTTP contract (docs/contracts.md) and keeps the session.
 *
 * Wherever the browser lets the HttpOnly cookie travel, that is the credential, and no token is kept where a script
 * could read it. Only where it does not (a foreign site in a browser that blocks cookies) the token is sent as a bearer.
 * Events are read with fetch rather than EventSource: one way for both, it can carry the bearer, and it sees a 401.
 */

import { anyOf } from "./waiting.js";

const TIMEOUT = 15_000;
// The server begins every stream with a few words. When they do not come, something on the way holds them back.
const FIRST_WORDS = 6000;
// Longer than two heartbeats of the server: a stream as silent as this is dead.
const SILENCE = 60_000;
const AGAIN = new Set([408, 425, 429]);

/** An answer that is not a success; `permanent` when the same request can never succeed. */
export class HttpError extends Error {
  /** `reason`: the server's words, for the customer; `after`: seconds it asks us to wait. */
  constructor(status, { reason = "", code = "", after = 0 } = {}) {
    super(code || `HTTP ${status}`);
    this.status = status;
    this.code = code;
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

  /** Remembers how far the customer has read, and says so: once for a message, however many tabs there are. */
  read(seq) {
    const session = this.session;
    if (!session || seq <= session.lastSeq) return;
    this.#storage.set("session", { ...session, lastSeq: seq });
    // Lost, it is said again with the next message.
    this.post("seen", { seq }).catch(() => {});
  }

  async send({ client_id, text, payload, attachments }) {
    const files = attachments?.map(({ id }) => id);
    return (await this.post("messages", payload ? { client_id, payload } : { client_id, text: text || undefined, attachments: files })).json();
  }

  async messages(seq) {
    return (await this.call(`/webchat/messages?after=${seq}`)).json();
  }

  /** A call with a JSON body. */
  post(path, body) {
    return this.call(`/webchat/${path}`, { method: "POST", body: JSON.stringify(body) });
  }

  /** Sends a file; XMLHttpRequest, because fetch tells nothing of how far an upload is. */
  async upload(file, id, progress, signal) {
    await this.open();
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.#server}/webchat/attachments?client_id=${id}`);
      request.withCredentials = !this.session?.token;
      const headers = { ...this.#headers(), "Content-Type": file.type || "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) };
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.responseType = "json";
      request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
      request.onload = () => {
        if (request.status < 300) resolve(request.response);
        else reject(problemOf(request.status, request.response, request.getResponseHeader("Retry-After")));
      };
      request.onerror = request.onabort = () => reject(new TypeError("no connection"));
      signal.addEventListener("abort", () => request.abort());
      request.send(file);
    });
  }

  /** Follows the conversation's events until the server or the signal ends it. */
  async events(seq, onEvent, signal) {
    const quiet = new AbortController();
    const either = anyOf(signal, quiet.signal);
    let watchdog = setTimeout(() => quiet.abort(), FIRST_WORDS);
    try {
      const headers = { Accept: "text/event-stream" };
      const response = await this.call(`/webchat/events?after=${seq}`, { headers, signal: either });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => quiet.abort(), SILENCE);
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
    const body = { language: this.#language(), page: location.origin + location.pathname };
    const { conversation, token } = await (await this.post("sessions", body)).json();
    const kept = this.#sameOrigin || (await this.#cookieTravels());
    this.#storage.set("session", { conversation, lastSeq: 0, ...(kept ? {} : { token }) });
  }

  /** Whether this browser sends the server's cookie along from this site. */
  async #cookieTravels() {
    const options = { credentials: "include", cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) };
    return fetch(`${this.#server}/webchat/messages?after=0`, options).then(({ ok }) => ok, () => false);
  }

  #headers() {
    const token = this.session?.token;
    return { "Accept-Language": this.#language(), ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  }

  /** One request; an answer that is not a success is thrown. */
  async call(path, { headers = {}, ...options } = {}) {
    const response = await fetch(this.#server + path, {
      credentials: this.#sameOrigin ? "same-origin" : this.session?.token ? "omit" : "include",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
      ...options,
      headers: {
        ...this.#headers(),
        ...(options.body ? { "Content-Type": "application/json" } : {}),
        ...headers,
      },
    });
    if (response.ok) return response;
    throw problemOf(response.status, await response.json().catch(() => null), response.headers.get("Retry-After"));
  }
}

/** What the server says is wrong; only `details.text` is written for customers. */
function problemOf(status, body, after) {
  const { code, details } = body?.error ?? {};
  return new HttpError(status, { reason: String(details?.text ?? ""), code: String(code ?? ""), after: Number(after) || 0 });
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
