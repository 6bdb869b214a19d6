/** One customer's conversation, without anything on screen: what was said, what waits, and the line to the server. */

import { Connection } from "./connection.js";
import { Outbox } from "./outbox.js";
import { Storage } from "./storage.js";
import { Timeline, unreadCount } from "./timeline.js";
import { Transport } from "./transport.js";
import { Whoami } from "./whoami.js";

const TYPING_ENDS = 40_000;
// A file of ten megabytes over a weak connection.
const DOWNLOAD = 180_000;
// The server hears at most this often that the customer is writing.
const WRITING_AGAIN = 4000;

/** Tells its owner: changed(how), fresh(messages), typing(on), status(), agent(). */
export class Chat {
  #on;
  #timeline = new Timeline();
  #transport;
  #connection;
  #outbox;
  #conversation;
  #typingTimer = 0;
  #wroteAt = 0;
  #whoami;

  /** `expired` gives the sentence for a conversation that is no longer there. */
  constructor({ server, language, expired, on }) {
    this.#on = on;
    this.storage = new Storage(server);
    this.line = "connecting";
    this.agent = { mode: "bot" };
    this.#transport = new Transport({ server, storage: this.storage, language });
    this.#whoami = new Whoami(this.storage, (token) => this.#transport.post("identify", { token }), () => this.#another());
    this.#outbox = new Outbox(this.storage, this.#transport, {
      state: (item, state) => {
        this.#timeline.pending(item, state);
        on.changed({ spoke: state === "sending" });
      },
      accepted: (item, answer) => {
        this.#timeline.accepted(item, answer);
        on.changed();
        this.#connection.expect(answer.seq);
      },
      expired: (conversation) => this.#expired(conversation, expired()),
    });
    this.#connection = new Connection(this.#transport, {
      cursor: () => this.#timeline.cursor,
      messages: (messages, history) => this.#received(messages, history),
      typing: (typing) => this.#typing(typing),
      agent: (agent) => this.#agent(agent),
      attachment: (change) => this.#timeline.attachment(change) && on.changed(),
      state: (line, reason = "") => {
        this.line = line;
        this.reason = reason;
        on.status();
        if (line === "live") this.#whoami.introduce();
      },
      expired: (conversation) => this.#expired(conversation, expired()),
    });
  }

  get entries() {
    return this.#timeline.entries;
  }

  get session() {
    return this.#transport.session;
  }

  /** Whether anything has come from the server yet. */
  get begun() {
    return this.#timeline.cursor > 0;
  }

  /** Something to go on with on a page that is loaded: a conversation, or words that wait. */
  get waiting() {
    return Boolean(this.session || this.#outbox.items.length);
  }

  get unread() {
    return this.session ? unreadCount(this.entries, this.session.lastSeq) : 0;
  }

  start() {
    this.#connection.start();
    this.#outbox.flush();
  }

  stop() {
    this.#connection.stop();
    clearTimeout(this.#typingTimer);
  }

  /** Says something, presses a button, or hands in files. */
  say({ title, payload, attachments }) {
    this.start();
    this.#wroteAt = 0;
    this.#outbox.add({ text: title, payload, attachments, after: this.#timeline.cursor });
  }

  retry(clientId) {
    this.#outbox.retry(clientId);
  }

  remove(clientId) {
    this.#outbox.done(clientId);
    this.#timeline.drop(clientId);
    this.#on.changed();
  }

  read() {
    this.#transport.read(this.#timeline.cursor);
  }

  /** Tells the staff, and only them, that the customer is writing. */
  async writing(on) {
    if (this.agent.mode !== "human" || (on ? Date.now() - this.#wroteAt < WRITING_AGAIN : !this.#wroteAt)) return;
    this.#wroteAt = on ? Date.now() : 0;
    await this.#transport.post("typing", { typing: on }).catch(() => {});
  }

  upload(file, id, progress, signal) {
    return this.#transport.upload(file, id, progress, signal);
  }

  /** Takes back a file that no message has carried yet; what is never sent, the server deletes by itself. */
  takeBack(id) {
    this.#transport.call(`/webchat/attachments/${encodeURIComponent(id)}`, { method: "DELETE" }).catch(() => {});
  }

  /** The bytes of what can be kept: the transcript, or a file staff sent. */
  async fetch(path) {
    return (await this.#transport.call(`/webchat/${path}`, { signal: AbortSignal.timeout(DOWNLOAD) })).blob();
  }

  async end() {
    await this.#transport.post("end", {});
    this.#mark("asked");
  }

  async rate(rating) {
    if (rating) await this.#transport.post("rating", rating);
    this.#mark("over");
  }

  /** Leaves this conversation: nothing of it stays on this device. */
  forget() {
    this.#connection.stop();
    this.#outbox.clear();
    this.storage.set("session", undefined);
    this.#renew();
  }

  /** Takes the signed identity the host page has for its customer. */
  identify(token) {
    this.#whoami.give(token);
    if (this.line === "live" && this.session) this.#whoami.introduce();
  }

  /** Another tab changed what is remembered. */
  otherTab(name) {
    if (name !== "session") return;
    const now = this.session?.conversation;
    if (now && now !== this.#conversation) {
      this.#connection.stop();
      this.#renew();
      this.#conversation = now;
      this.#connection.start();
    }
    this.#on.changed();
  }

  #another() {
    const { running } = this.#connection;
    this.forget();
    if (running) this.start();
  }

  #mark(ended) {
    if (this.session) this.storage.set("session", { ...this.session, ended });
    this.#on.changed();
  }

  #renew() {
    this.#conversation = undefined;
    this.#timeline.clear();
    this.#typing(false);
    this.#agent({ mode: "bot" });
    this.#on.changed();
  }

  #received(messages, history) {
    const now = this.session?.conversation;
    // The session in use is another than the one on screen.
    if (this.#conversation && now && now !== this.#conversation) this.#timeline.clear();
    this.#conversation = now;
    const fresh = this.#timeline.merge(messages);
    for (const { client_id } of messages) if (client_id) this.#outbox.done(client_id);
    if (fresh.length) this.#typing(false);
    if (messages.length) this.#on.changed({ quietly: history });
    if (!history && fresh.length) this.#on.fresh(fresh);
  }

  #expired(conversation, notice) {
    if (!conversation || this.session?.conversation !== conversation) return;
    this.#transport.forget(conversation);
    this.#renew();
    this.#timeline.notice(notice);
    this.#outbox.moveOn();
    this.#outbox.announce();
    this.#connection.stop();
    this.#connection.start();
  }

  #agent(agent) {
    if (!agent?.mode || JSON.stringify(agent) === JSON.stringify(this.agent)) return;
    this.agent = agent;
    this.#on.agent();
  }

  #typing(typing) {
    clearTimeout(this.#typingTimer);
    this.#on.typing(typing);
    if (typing) this.#typingTimer = setTimeout(() => this.#on.typing(false), TYPING_ENDS);
  }
}
