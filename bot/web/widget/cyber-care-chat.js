/**
 * The element <cyber-care-chat language="nl">: joins panel, conversation and connection.
 *
 * Attributes: `language` (en, nl, fr), `server` (an origin, else the one these files came from).
 * Methods: open(), close(), send(text). Events: cc-open, cc-close, cc-message (detail: the message).
 */

import { Connection } from "./connection.js";
import { MessageList } from "./message-list.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { Storage } from "./storage.js";
import { LANGUAGE_NAMES, knownLanguage, stringsFor } from "./strings.js";
import { sheet } from "./styles.js";
import { Timeline, unreadCount } from "./timeline.js";
import { Transport } from "./transport.js";

const TYPING_ENDS = 40_000;

/** The chat on a page. */
export class CyberCareChat extends HTMLElement {
  static observedAttributes = ["language"];

  #panel;
  #list;
  #timeline = new Timeline();
  #storage;
  #transport;
  #connection;
  #outbox;
  #conversation;
  #line = "connecting";
  #typingTimer = 0;
  #life = null;

  /** The customer's own choice for pages of this language, else the page's. */
  get language() {
    const chosen = this.#storage?.get("language");
    return chosen?.page === this.#pageLanguage ? knownLanguage(chosen.language) : this.#pageLanguage;
  }

  get #pageLanguage() {
    return knownLanguage(this.getAttribute("language") || document.documentElement.lang);
  }

  connectedCallback() {
    if (!this.#panel) this.#build();
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#storage.watch((name) => this.#otherTab(name), signal);
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#showStatus(), { signal });
    document.addEventListener("visibilitychange", () => this.#markRead(), { signal });
    visualViewport?.addEventListener("resize", () => this.#fit(), { signal });
    visualViewport?.addEventListener("scroll", () => this.#fit(), { signal });
    if (this.#transport.session || this.#outbox.items.length) this.#start();
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#connection.stop();
    clearTimeout(this.#typingTimer);
  }

  attributeChangedCallback() {
    if (this.#panel) this.#translate();
  }

  /** Opens the panel; the first time, this begins the conversation. */
  open() {
    if (this.#panel.isOpen) return this.#panel.focus();
    this.#panel.open();
    this.#fit();
    this.#start();
    this.#list.reveal();
    this.#markRead();
    this.#showStatus();
    this.#emit("cc-open");
  }

  /** Closes the panel; the conversation goes on. */
  close() {
    if (!this.#panel.isOpen) return;
    this.#panel.close();
    this.#emit("cc-close");
  }

  /** Says something in the customer's name. */
  send(text) {
    const words = String(text).trim();
    if (words) this.#say({ title: words });
  }

  #say({ title, payload }) {
    this.#start();
    this.#outbox.add({ text: title, payload, after: this.#timeline.cursor });
    this.#panel.focus();
  }

  #build() {
    const server = new URL(this.getAttribute("server") || import.meta.url, location.href).origin;
    this.#storage = new Storage(server);
    this.#transport = new Transport({ server, storage: this.#storage, language: () => this.language });
    this.#list = new MessageList({
      choose: (choice) => this.#say(choice),
      retry: (clientId) => this.#outbox.retry(clientId),
      remove: (clientId) => {
        this.#outbox.done(clientId);
        this.#timeline.drop(clientId);
        this.#show();
        this.#panel.focus();
      },
    });
    this.#panel = new Panel({
      open: () => this.open(),
      close: () => this.close(),
      send: (text) => this.send(text),
      language: (language) => this.#choose(language),
    }, this.#list.element);
    this.#outbox = new Outbox(this.#storage, this.#transport, {
      state: (item, state) => {
        this.#timeline.pending(item, state);
        this.#show({ spoke: state === "sending" });
      },
      accepted: (item, answer) => {
        this.#timeline.accepted(item, answer);
        this.#show();
        this.#connection.expect(answer.seq);
      },
      expired: (conversation) => this.#expired(conversation),
    });
    this.#connection = new Connection(this.#transport, {
      cursor: () => this.#timeline.cursor,
      messages: (messages, history) => this.#received(messages, history),
      typing: (typing) => this.#typing(typing),
      state: (line) => {
        this.#line = line;
        this.#showStatus();
      },
      expired: (conversation) => this.#expired(conversation),
    });
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#panel.launcher, this.#panel.element);
    this.#translate();
  }

  #start() {
    this.#connection.start();
    this.#outbox.flush();
  }

  #translate() {
    const words = stringsFor(this.language);
    this.#list.translate(words, this.language);
    this.#panel.translate(words, this.language);
    this.#show();
    this.#showStatus();
  }

  /** The language of the widget, and of the assistant too once there is a conversation. */
  #choose(language) {
    this.#storage.set("language", { page: this.#pageLanguage, language });
    this.#translate();
    if (this.#transport.session) this.#say({ title: LANGUAGE_NAMES[language], payload: `/change_language{"language": "${language}"}` });
  }

  #received(messages, history) {
    this.#adopt();
    const fresh = this.#timeline.merge(messages);
    for (const { client_id } of messages) if (client_id) this.#outbox.done(client_id);
    if (fresh.length) this.#typing(false);
    if (messages.length) this.#show({ quietly: history });
    if (!history) for (const message of fresh) this.#emit("cc-message", message);
    this.#markRead();
  }

  /** Begins anew when the session in use is another than the one on screen. */
  #adopt() {
    const now = this.#transport.session?.conversation;
    if (this.#conversation && now && now !== this.#conversation) this.#timeline.clear();
    this.#conversation = now;
  }

  #expired(conversation) {
    if (!conversation || this.#transport.session?.conversation !== conversation) return;
    this.#transport.forget(conversation);
    this.#conversation = undefined;
    this.#timeline.clear();
    this.#timeline.notice(stringsFor(this.language).expired);
    this.#outbox.moveOn();
    this.#outbox.announce();
    this.#typing(false);
    this.#show();
    this.#connection.stop();
    this.#connection.start();
  }

  #otherTab(name) {
    if (name === "language") this.#translate();
    if (name !== "session") return;
    const now = this.#transport.session?.conversation;
    if (now && now !== this.#conversation) {
      this.#connection.stop();
      this.#timeline.clear();
      this.#conversation = now;
      this.#connection.start();
    }
    this.#show();
  }

  #typing(typing) {
    clearTimeout(this.#typingTimer);
    this.#list.typing(typing);
    if (typing) this.#typingTimer = setTimeout(() => this.#list.typing(false), TYPING_ENDS);
  }

  #markRead() {
    if (this.#panel.isOpen && !document.hidden) this.#transport.read(this.#timeline.cursor);
    this.#launch();
  }

  #show(how) {
    this.#list.update(this.#timeline.entries, how);
    this.#launch();
  }

  #launch() {
    const session = this.#transport.session;
    this.#panel.launch(Boolean(session?.lastSeq), session ? unreadCount(this.#timeline.entries, session.lastSeq) : 0);
  }

  #showStatus() {
    const words = stringsFor(this.language);
    const first = this.#line === "connecting" && this.#panel.isOpen && !this.#timeline.cursor;
    if (!navigator.onLine) this.#panel.status(words.offline);
    else this.#panel.status(this.#line === "down" ? words.down : first ? words.connecting : "");
  }

  /** Full screen on a phone means the part the on-screen keyboard leaves. */
  #fit() {
    if (!visualViewport || !this.#panel.isOpen || visualViewport.scale > 1.01) return;
    this.style.setProperty("--cc-height", `${visualViewport.height}px`);
    this.style.setProperty("--cc-top", `${visualViewport.offsetTop}px`);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

if (!customElements.get("cyber-care-chat")) customElements.define("cyber-care-chat", CyberCareChat);
