/**
 * The element <cyber-care-chat language="nl">: joins the conversation and what is on the screen.
 *
 * Attributes: `language` (en, nl, fr), `theme` (light, dark, auto), `position` (left, right), `server` (an origin, else
 * the one this file came from). Methods: open(), close(), send(text), identify(token), reset(), on(name, callback).
 * Events: cc-open, cc-close, cc-message, cc-agent (detail: what the server said), cc-end.
 */

import { Chat } from "./chat.js";
import { askedKind } from "./answer-field.js";
import { Composer } from "./composer.js";
import { MessageList } from "./message-list.js";
import { Panel } from "./panel.js";
import { Rating } from "./rating.js";
import { chime } from "./sound.js";
import { LANGUAGE_NAMES, knownLanguage, stringsFor } from "./strings.js";
import { sheet } from "./styles.js";
import { currentTurn } from "./timeline.js";
import { copyText, saveAs } from "./transcript.js";

const NOTICE_ENDS = 6000;

/** The chat on a page. */
export class CyberCareChat extends HTMLElement {
  static observedAttributes = ["language"];

  #chat;
  #panel;
  #list;
  #composer;
  #rating;
  #life = null;
  #notice = "";
  #noticeTimer = 0;

  /** The customer's own choice for pages of this language, else the page's. */
  get language() {
    const chosen = this.#chat?.storage.get("language");
    return chosen?.page === this.#pageLanguage ? knownLanguage(chosen.language) : this.#pageLanguage;
  }

  get #pageLanguage() {
    return knownLanguage(this.getAttribute("language") || document.documentElement.lang);
  }

  get #words() {
    return stringsFor(this.language);
  }

  connectedCallback() {
    if (!this.#chat) this.#build();
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#chat.storage.watch((name) => this.#otherTab(name), signal);
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#showStatus(), { signal });
    document.addEventListener("visibilitychange", () => this.#markRead(), { signal });
    for (const name of ["resize", "scroll"]) visualViewport?.addEventListener(name, () => this.#fit(), { signal });
    if (this.#chat.waiting) this.#chat.start();
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#chat.stop();
  }

  attributeChangedCallback() {
    if (this.#chat) this.#translate();
  }

  /** Opens the panel; the first time, this begins the conversation. */
  open() {
    if (this.#panel.isOpen) return this.#focus();
    // Before it is shown: its look is then worked out once.
    this.#fit();
    this.#panel.open();
    this.#focus();
    // The panel is painted first; the line to the server can wait for one frame.
    requestAnimationFrame(() => setTimeout(() => this.#opened()));
    this.#emit("open");
  }

  #opened() {
    this.#composer.fit();
    this.#chat.start();
    this.#list.reveal();
    this.#markRead();
    this.#showStatus();
  }

  /** Closes the panel; the conversation goes on. */
  close() {
    if (!this.#panel.isOpen) return;
    this.#panel.close();
    this.#emit("close");
  }

  /** Says something in the customer's name. */
  send(text) {
    const words = String(text).trim();
    if (words) this.#say({ title: words });
  }

  /** Tells the assistant who the customer is: a token signed by the host page's server. */
  identify(token) {
    this.#chat.identify(token);
  }

  /** Forgets the conversation on this device, for example when the customer logs out of the host page. */
  reset() {
    this.close();
    this.#chat.forget();
  }

  /** Calls back with the detail of an event: open, close, message, agent, end. Returns a function that ends this. */
  on(name, callback) {
    const listener = ({ detail }) => callback(detail);
    this.addEventListener(`cc-${name}`, listener);
    return () => this.removeEventListener(`cc-${name}`, listener);
  }

  #say(what) {
    this.#chat.say(what);
    this.#focus();
  }

  #build() {
    const server = new URL(this.getAttribute("server") || import.meta.url, location.href).origin;
    this.#chat = new Chat({ server, language: () => this.language, expired: () => this.#words.expired, on: {
      changed: (how) => this.#show(how),
      fresh: (messages) => this.#arrived(messages),
      typing: (on) => this.#list.typing(on),
      status: () => this.#showStatus(),
      agent: () => {
        this.#panel.agent(this.#chat.agent);
        this.#emit("agent", this.#chat.agent);
      },
    } });
    this.#list = new MessageList({
      choose: (choice) => this.#say(choice),
      retry: (clientId) => this.#chat.retry(clientId),
      remove: (clientId) => {
        this.#chat.remove(clientId);
        this.#focus();
      },
      thumb: (id) => this.#composer.thumb(id),
      fetch: (id, name) => this.#try(() => this.#save(`attachments/${id}`, name)),
    });
    this.#composer = new Composer(this.#chat, { send: (what) => this.#say(what), writing: (on) => this.#chat.writing(on) });
    this.#rating = new Rating({ rate: (rating) => this.#rate(rating), anew: () => this.#anew() });
    this.#panel = new Panel({
      open: () => this.open(),
      close: () => this.close(),
      files: (files) => this.#composer.add(files),
      language: (language) => this.#choose(language),
      sound: () => this.#loud(),
      copy: () => this.#try(async () => copyText(await (await this.#chat.fetch("transcript")).text(), this.shadowRoot), this.#words.copied),
      transcript: () => this.#try(() => this.#save("transcript", "cyber-care.txt")),
      end: () => this.#try(() => this.#end()),
    }, [this.#list.element, this.#composer.element, this.#rating.element]);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#panel.launcher, this.#panel.element);
    this.#translate();
  }

  #translate() {
    const words = this.#words;
    for (const part of [this.#list, this.#composer, this.#rating, this.#panel]) part.translate(words, this.language);
    this.#panel.agent(this.#chat.agent);
    this.#show();
    this.#showStatus();
  }

  /** The language of the widget, and of the assistant too once there is a conversation. */
  #choose(language) {
    this.#chat.storage.set("language", { page: this.#pageLanguage, language });
    this.#translate();
    if (this.#chat.session) this.#chat.say({ title: LANGUAGE_NAMES[language], payload: `/change_language{"language": "${language}"}` });
  }

  #loud() {
    this.#chat.storage.set("sound", this.#chat.storage.get("sound") ? undefined : true);
    this.#show();
    if (this.#chat.storage.get("sound")) chime();
  }

  #arrived(messages) {
    if (this.#chat.storage.get("sound")) chime();
    for (const message of messages) this.#emit("message", message);
  }

  /** What the customer asked for in the menu; `done` is said when it worked. */
  async #try(work, done = "") {
    try {
      await work();
      if (done) this.#tell(done);
    } catch {
      this.#tell(this.#words.notNow);
    }
  }

  async #save(path, name) {
    saveAs(await this.#chat.fetch(path), name);
  }

  async #end() {
    await this.#chat.end();
    this.#emit("end");
  }

  async #rate(rating) {
    try {
      await this.#chat.rate(rating);
    } catch (error) {
      this.#rating.problem(error.reason || this.#words.notNow);
    }
  }

  #anew() {
    this.#chat.forget();
    this.#chat.start();
    this.#focus();
  }

  #otherTab(name) {
    if (name === "language") this.#translate();
    else this.#chat.otherTab(name);
  }

  #markRead() {
    if (this.#panel.isOpen && !document.hidden) this.#chat.read();
    this.#launch();
  }

  #show(how) {
    const { entries, session } = this.#chat;
    const turn = currentTurn(entries);
    this.#list.update(entries, { ...how, ended: Boolean(session?.ended) });
    this.#composer.ask(session?.ended ? undefined : askedKind(turn), turn.at(-1)?.seq);
    this.#composer.element.hidden = Boolean(session?.ended);
    this.#rating.show(session?.ended);
    this.#panel.menu.state(Boolean(this.#chat.storage.get("sound")), Boolean(session) && !session.ended);
    this.#markRead();
  }

  #launch() {
    this.#panel.launch(Boolean(this.#chat.session?.lastSeq), this.#chat.unread);
  }

  /** A word about what was just asked for; it goes by itself. */
  #tell(text) {
    clearTimeout(this.#noticeTimer);
    this.#notice = text;
    this.#showStatus();
    this.#noticeTimer = setTimeout(() => {
      this.#notice = "";
      this.#showStatus();
    }, NOTICE_ENDS);
  }

  #showStatus() {
    const { line, reason, begun } = this.#chat;
    const words = this.#words;
    let text = this.#notice;
    if (!navigator.onLine) text = words.offline;
    else if (line === "down") text = reason || words.down;
    else if (!text && line === "connecting" && this.#panel.isOpen && !begun) text = words.connecting;
    this.#panel.status(text);
  }

  #focus() {
    if (this.#panel.isOpen && !this.#chat.session?.ended) this.#composer.focus();
  }

  /** Full screen on a phone means the part the on-screen keyboard leaves. */
  #fit() {
    if (!visualViewport || visualViewport.scale > 1.01) return;
    this.style.setProperty("--cc-height", `${visualViewport.height}px`);
    this.style.setProperty("--cc-top", `${visualViewport.offsetTop}px`);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`cc-${name}`, { bubbles: true, composed: true, detail }));
  }
}

if (!customElements.get("cyber-care-chat")) customElements.define("cyber-care-chat", CyberCareChat);
