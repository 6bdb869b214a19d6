/** Holds what the customer wrote until the server has accepted it, through bad connections and reloads. */

import { backoff, pause } from "./waiting.js";

/**
 * The queue of one customer: first written, first sent. An item keeps its client_id on every try, so that the server
 * keeps one message; `after` is the last message there was when it was written.
 */
export class Outbox {
  #storage;
  #transport;
  #on;
  #running = false;

  constructor(storage, transport, on) {
    this.#storage = storage;
    this.#transport = transport;
    this.#on = on;
  }

  /** What is not accepted yet, oldest first. */
  get items() {
    return this.#storage.get("outbox") ?? [];
  }

  /** Takes a message and sends it as soon as possible. */
  add({ text, payload, attachments, after }) {
    const item = { client_id: newId(), text, payload, attachments, after, at: new Date().toISOString() };
    this.#save([...this.items, item]);
    this.#on.state(item, "sending");
    this.flush();
  }

  /** Tries a refused message again. */
  retry(clientId) {
    this.#change(clientId, { failed: undefined, reason: undefined });
    this.flush();
  }

  /** Takes a message off the list: it has been seen on the server, or the customer gave it up. */
  done(clientId) {
    const left = this.items.filter((item) => item.client_id !== clientId);
    if (left.length !== this.items.length) this.#save(left);
  }

  /** Gives up everything that waits. */
  clear() {
    this.#save([]);
  }

  /** Makes what waits fit a new conversation, which was never offered the old one's buttons: choices become words. */
  moveOn() {
    this.#save(this.items.map(({ payload, ...item }) => ({ ...item, after: 0 })));
  }

  /** Sends everything that waits; a second call while sending joins the first. */
  async flush() {
    if (this.#running) return;
    this.#running = true;
    this.announce(navigator.onLine ? "sending" : "waiting");
    let attempt = 0;
    for (;;) {
      const item = this.items.find(({ failed }) => !failed);
      if (!item) break;
      const problem = await this.#try(item);
      if (!problem) {
        attempt = 0;
        continue;
      }
      this.announce("waiting", problem.reason);
      await pause(Math.max(backoff(attempt), 1000 * (problem.after || 0)));
      attempt += 1;
    }
    this.#running = false;
  }

  /** Shows the whole queue: what was refused as refused, the rest in this state. */
  announce(state = "waiting", reason = undefined) {
    for (const item of this.items) this.#on.state(item.failed ? item : { ...item, reason }, item.failed ? "failed" : state);
  }

  /** Null once this item is settled, one way or the other; else what stood in its way. */
  async #try(item) {
    let conversation;
    try {
      await this.#transport.open();
      conversation = this.#transport.session?.conversation;
      const answer = await this.#transport.send(item);
      this.done(item.client_id);
      this.#on.accepted(item, answer);
      return null;
    } catch (error) {
      if (error.status === 401) this.#on.expired(conversation);
      if (!error.permanent) return error;
      this.#change(item.client_id, { failed: true, reason: error.reason });
      this.#on.state({ ...item, reason: error.reason }, "failed");
      return null;
    }
  }

  #change(clientId, patch) {
    this.#save(this.items.map((item) => (item.client_id === clientId ? { ...item, ...patch } : item)));
  }

  #save(items) {
    this.#storage.set("outbox", items.length ? items : undefined);
  }
}

/** An id nobody else makes; randomUUID exists on secure pages only. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
