/** The scrolling part of the panel: messages grouped by author and day, open choices, and who is writing. */

import { h, icon } from "./dom.js";
import { MessageView, contentOf } from "./message-view.js";
import { currentTurn, openChoices } from "./timeline.js";

const SAME_GROUP = 5 * 60_000;

/** Keeps the list on screen equal to the timeline, touching only what changed. */
export class MessageList {
  #actions;
  #language = "en";
  #words;
  #views = new Map();
  #days = new Map();
  #choices = "";
  #following = true;
  #lastTop = 0;
  #log = h("div", { class: "log", role: "log", "aria-live": "polite", "data-testid": "messages" });
  #dots = h("div", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  #typingWords = h("span", { class: "quiet" });
  #typing = h("div", { class: "typing", role: "status", "data-testid": "typing" });
  #quick = h("div", { class: "quick", role: "group", hidden: true });
  #more = h("button", { class: "more", "data-testid": "more", hidden: true, click: () => this.#toEnd() }, icon("down"));
  #scroller = h("div", { class: "scroller", role: "region", tabindex: "0", scroll: () => this.#scrolled() },
    this.#log, this.#typing, this.#quick);

  constructor(actions) {
    this.#actions = actions;
    this.element = h("div", { class: "conversation" }, this.#scroller, this.#more);
    // The keyboard of a phone, a rotated screen or zoom: what was in view stays in view.
    new ResizeObserver(() => this.#keepUp()).observe(this.#scroller);
  }

  translate(words, language) {
    this.#words = words;
    this.#language = language;
    this.#scroller.setAttribute("aria-label", words.conversation);
    this.#log.setAttribute("aria-label", words.conversation);
    this.#quick.setAttribute("aria-label", words.answers);
    this.#typingWords.textContent = words.typing;
    this.#more.setAttribute("aria-label", words.more);
    for (const day of this.#days.values()) day.remove();
    this.#days.clear();
  }

  /** Shows these messages. quietly: history, not to be read out; spoke: the customer has just written. */
  update(entries, { quietly = false, spoke = false, ended = false } = {}) {
    if (spoke) this.#following = true;
    this.#log.setAttribute("aria-busy", String(quietly));
    this.#place(this.#nodes(entries, ended));
    this.#offer(ended ? [] : openChoices(entries));
    this.#keepUp();
    if (quietly) setTimeout(() => this.#log.setAttribute("aria-busy", "false"), 300);
  }

  typing(typing) {
    if (typing === this.#typing.hasChildNodes()) return;
    this.#typing.replaceChildren(...(typing ? [this.#dots, this.#typingWords] : []));
    this.#keepUp();
  }

  /** Brings the newest message into view, for a panel that has just been opened. */
  reveal() {
    this.#following = true;
    this.#keepUp();
  }

  #nodes(entries, ended) {
    const turn = new Set(currentTurn(entries));
    const editable = !ended && entries.findLast((entry) => entry.card?.rows?.some((row) => row.payload));
    const seen = new Set();
    const nodes = [];
    let before;
    entries.forEach((entry, index) => {
      const day = dayOf(entry);
      if (!before || day !== dayOf(before)) nodes.push(this.#day(day));
      const view = this.#view(entry);
      const next = entries[index + 1];
      const first = !before || !grouped(before, entry);
      view.update(entry, { first, last: !next || !grouped(entry, next), current: turn.has(entry), editable: entry === editable });
      seen.add(entry.key);
      nodes.push(view.element);
      before = entry;
    });
    for (const key of this.#views.keys()) if (!seen.has(key)) this.#views.delete(key);
    return nodes;
  }

  #view(entry) {
    let view = this.#views.get(entry.key);
    if (view?.content !== contentOf(entry) || view.language !== this.#language) {
      view = new MessageView(entry, this.#words, this.#language, this.#actions);
      this.#views.set(entry.key, view);
    }
    return view;
  }

  #day(day) {
    if (!this.#days.has(day)) this.#days.set(day, h("div", { class: "day" }, this.#dayName(day)));
    return this.#days.get(day);
  }

  #dayName(day) {
    const date = new Date(day);
    if (Number.isNaN(date.getTime())) return "";
    const ago = Math.round((new Date().setHours(0, 0, 0, 0) - date) / 86_400_000);
    if (ago < 2) return new Intl.RelativeTimeFormat(this.#language, { numeric: "auto" }).format(-ago, "day");
    return date.toLocaleDateString(`${this.#language}-BE`, { weekday: "long", day: "numeric", month: "long" });
  }

  /** Moves nodes only where the order differs: a moved node would be read out again. */
  #place(nodes) {
    const wanted = new Set(nodes);
    for (const node of [...this.#log.children]) if (!wanted.has(node)) node.remove();
    nodes.forEach((node, index) => {
      const there = this.#log.children[index];
      if (there !== node) this.#log.insertBefore(node, there ?? null);
    });
  }

  #offer(choices) {
    const signature = JSON.stringify(choices);
    if (signature === this.#choices) return;
    this.#choices = signature;
    this.#quick.hidden = !choices.length;
    this.#quick.replaceChildren(...choices.map((choice) => {
      const click = () => this.#actions.choose(choice);
      return h("button", { "data-testid": "quick-reply", click }, choice.title);
    }));
  }

  /** Follows the conversation, but never past the start of an answer: first things are read first. */
  #keepUp() {
    if (this.#following) {
      const end = this.#scroller.scrollHeight - this.#scroller.clientHeight;
      const start = [...this.#log.querySelectorAll(".customer, .staff.first, .system.first")].at(-1);
      const top = start ? start.offsetTop - 12 : 0;
      this.#scroller.scrollTop = this.#lastTop = Math.max(0, Math.min(end, top));
    }
    this.#showMore();
  }

  #scrolled() {
    const top = this.#scroller.scrollTop;
    if (top < this.#lastTop - 4) this.#following = false;
    if (this.#left() < 8) this.#following = true;
    this.#lastTop = top;
    this.#showMore();
  }

  #showMore() {
    this.#more.hidden = this.#left() < 40;
  }

  #left() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#scroller.focus();
  }
}

function dayOf(entry) {
  return new Date(entry.at).toDateString();
}

function grouped(one, next) {
  return one.author === next.author && one.staff_name === next.staff_name && new Date(next.at) - new Date(one.at) < SAME_GROUP;
}
