/** Keeps the conversation up to date: history, then the event stream, and polling where streams do not get through. */

import { anyOf, backoff, pause } from "./waiting.js";

const POLL = 3000;
// After this long on polling the stream gets another chance: the proxy in the way may be gone.
const POLLS_BEFORE_STREAM = 40;
const STREAM_CHANCES = 2;
// An accepted message comes back as an event. When it does not by then, the stream is not getting through.
const ECHO = 4000;
// A browser allows few connections to one server: a tab nobody looks at gives its own back.
const HIDDEN = 60_000;

/** One conversation's line to the server, kept up until stopped. */
export class Connection {
  #transport;
  #on;
  #stop = null;
  #stream = null;
  #streamFailures = 0;
  #hiddenTimer = 0;

  constructor(transport, on) {
    this.#transport = transport;
    this.#on = on;
  }

  get running() {
    return Boolean(this.#stop);
  }

  /** Connects; does nothing when already connected. */
  start() {
    if (this.#stop) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    addEventListener("offline", () => this.#cut(), { signal });
    document.addEventListener("visibilitychange", () => this.#hidden(), { signal });
    this.#run(signal);
  }

  /** Ends the connection. */
  stop() {
    this.#stop?.abort();
    this.#stop = null;
    this.#cut();
    clearTimeout(this.#hiddenTimer);
  }

  /** Makes sure an accepted message is seen again, by stream or by asking. */
  async expect(seq) {
    const signal = this.#stop?.signal;
    await pause(ECHO, signal);
    if (!signal || signal.aborted || this.#on.cursor() >= seq) return;
    this.#streamFailures += 1;
    this.#cut();
  }

  #cut() {
    this.#stream?.abort();
  }

  #hidden() {
    clearTimeout(this.#hiddenTimer);
    if (document.hidden) this.#hiddenTimer = setTimeout(() => this.#cut(), HIDDEN);
  }

  async #run(signal) {
    let failures = 0;
    this.#on.state("connecting");
    while (!signal.aborted) {
      let conversation;
      try {
        await this.#transport.open();
        conversation = this.#transport.session?.conversation;
        await this.#fetch(signal);
        failures = 0;
        if (signal.aborted) return;
        this.#on.state("live");
        if (this.#streamFailures < STREAM_CHANCES && !document.hidden) await this.#follow(signal);
        else await this.#poll(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#on.typing(false);
        if (error.status === 401) {
          this.#on.expired(conversation);
          if (signal.aborted) return;
          failures += 1;
        } else if (failures++ > 0 || error.reason || !navigator.onLine) this.#on.state("down", error.reason);
        await pause(Math.max(backoff(failures - 1), 1000 * (error.after || 0)), signal);
      }
    }
  }

  async #fetch(signal) {
    const after = this.#on.cursor();
    const { messages, typing, agent, attachments } = await this.#transport.messages(after);
    if (signal.aborted) return;
    this.#on.messages(messages ?? [], after === 0);
    this.#on.typing(Boolean(typing));
    this.#on.agent(agent);
    for (const change of attachments ?? []) this.#on.attachment(change);
  }

  async #follow(signal) {
    this.#stream = new AbortController();
    let useful = false;
    const event = (name, data) => {
      useful = true;
      this.#streamFailures = 0;
      if (name === "typing") this.#on.typing(Boolean(data.typing));
      else if (name === "message") this.#on.messages([data], false);
      else if (name === "agent") this.#on.agent(data);
      else if (name === "attachment") this.#on.attachment(data);
    };
    const started = Date.now();
    try {
      const either = anyOf(signal, this.#stream.signal);
      await this.#transport.events(this.#on.cursor(), event, either);
    } catch (error) {
      if (error.status === 401) throw error;
      this.#on.typing(false);
    }
    if (signal.aborted || this.#stream.signal.aborted) return;
    // A server that restarts ends a stream that worked: that is no sign against streams.
    if (!useful && Date.now() - started < HIDDEN) this.#streamFailures += 1;
    await pause(this.#streamFailures ? 1000 : 300, signal);
  }

  async #poll(signal) {
    for (let count = 0; count < POLLS_BEFORE_STREAM && !signal.aborted; count += 1) {
      await pause(document.hidden ? 4 * POLL : POLL, signal);
      if (signal.aborted) return;
      await this.#fetch(signal);
      if (!document.hidden && this.#streamFailures < STREAM_CHANCES) return;
    }
    this.#streamFailures = STREAM_CHANCES - 1;
  }
}
