/** Draws one message: its bubble, its card, its time and, for the customer's own, whether it has arrived. */

import { h, icon, linkified } from "./dom.js";
import { fileSize } from "./tray.js";

const CARD_PARTS = ["title", "steps", "points", "helplines", "rows"];
const DIAL = /^\+?[0-9]{2,16}$/;

/** One message on screen; `update` changes what can change without drawing the words anew. */
export class MessageView {
  #entry;
  #words;
  #actions;
  #who = h("span", { class: "who" });
  #meta = h("div", { class: "meta", "aria-live": "off" });
  #progress = null;
  #files = null;
  #edits = [];

  constructor(entry, words, language, actions) {
    this.#entry = entry;
    this.#words = words;
    this.#actions = actions;
    this.content = contentOf(entry);
    this.language = language;
    const own = entry.author === "customer";
    this.element = h("div", { class: `message ${entry.author}`, "data-testid": "message", "data-author": entry.author });
    if (entry.author !== "system") this.element.append(this.#who);
    if (entry.progress?.of) this.element.append((this.#progress = progress(entry.progress, words)));
    if (entry.text) {
      this.element.append(h("div", { class: "bubble" }, own ? entry.text : linkified(entry.text, words.newWindow)));
    }
    if (entry.card && CARD_PARTS.some((part) => entry.card[part]?.length)) this.element.append(this.#card(entry.card));
    if (entry.attachments?.length) this.element.append((this.#files = this.#attached(entry.attachments)));
    this.element.append(this.#meta);
  }

  update(entry, { first, last, current, editable }) {
    this.#entry = entry;
    if (entry.seq) this.element.dataset.seq = entry.seq;
    this.element.classList.toggle("first", first);
    const staff = entry.author === "staff" && entry.staff_name;
    this.#who.textContent = staff ? `${entry.staff_name} · ${this.#words.authors.staff}` : this.#words.authors[entry.author];
    this.#who.classList.toggle("quiet", !first || entry.author === "customer");
    if (this.#progress) this.#progress.hidden = !current;
    for (const edit of this.#edits) edit.hidden = !editable;
    entry.attachments?.forEach(({ state, error }, index) => this.#fileState(this.#files?.children[index], state, error));
    this.#drawMeta(last);
  }

  #drawMeta(last) {
    const { state, reason, at, key } = this.#entry;
    const signature = [state, reason, at, last].join();
    if (this.#meta.dataset.signature === signature) return;
    this.#meta.dataset.signature = signature;
    this.element.dataset.state = state ?? "sent";
    this.#meta.hidden = !state && !last;
    if (state === "failed") {
      const again = () => this.#actions.retry(key);
      const away = () => this.#actions.remove(key);
      this.#meta.replaceChildren(
        h("button", { class: "retry", "data-testid": "retry", click: again }, this.#words.failed),
        h("button", { class: "retry remove", "data-testid": "remove", click: away }, this.#words.remove),
        ...(reason ? [h("span", { class: "reason" }, reason)] : []),
      );
    } else if (state) this.#meta.replaceChildren(reason || this.#words[state]);
    else this.#meta.replaceChildren(clock(at, this.language));
  }

  #card({ title, steps, points, helplines, rows }) {
    const card = h("div", { class: "card", "data-testid": "card" });
    const list = (tag, name, items) => items?.length && card.append(h(tag, { class: name, role: "list" }, ...items.map((item) => h("li", {}, item))));
    const told = (text) => h("span", {}, linkified(text, this.#words.newWindow));
    if (title) card.append(h("h3", {}, title));
    list("ol", "steps", steps?.map(told));
    list("ul", "points", points?.map(told));
    list("ul", "lines", helplines?.map((line) => helpline(line, this.#words.newWindow)));
    if (rows?.length) card.append(h("dl", {}, ...rows.map((row) => this.#row(row))));
    return card;
  }

  #attached(files) {
    return h("ul", { class: "files", role: "list", "aria-live": "off" }, ...files.map(({ id, name, size, state }) => {
      // What staff sent is a button that fetches it.
      const click = state === "given" && (() => this.#actions.fetch(id, name));
      return h("li", {}, h(click ? "button" : "div", { class: "file", click },
        this.#actions.thumb(id) ?? h("span", { class: "thumb" }, icon(click ? "down" : "file")),
        h("span", { class: "told" }, h("b", {}, name), h("span", { class: "state", "data-size": fileSize(size, this.language) }))));
    }));
  }

  #fileState(row, state, error) {
    if (!row || row.dataset.state === state) return;
    row.dataset.state = state;
    const words = this.#words;
    const told = row.querySelector(".state");
    told.textContent = `${told.dataset.size} · ${words.fileState[state] ?? words.refused[error] ?? words.refused.other}`;
  }

  #row({ label, value, payload }) {
    const told = h("dd", {}, value);
    if (payload) {
      const title = `${this.#words.edit}: ${label}`;
      // The server, too, keeps a row's choice under the row's label.
      const click = () => this.#actions.choose({ title: label, payload });
      const edit = h("button", { class: "edit", "data-testid": "edit", "aria-label": title, click }, this.#words.edit);
      this.#edits.push(edit);
      told.append(edit);
    }
    return h("div", { class: payload ? "editable" : "" }, h("dt", {}, label), told);
  }
}

/** The part of a message that, once changed, needs it drawn anew. */
export function contentOf({ author, text, card, progress: step, attachments }) {
  return JSON.stringify([author, text, card, step, attachments?.map(({ id }) => id)]);
}

/** Where to turn: a number first, else an address, the whole row being the target; what cannot be opened stays text. */
function helpline({ name, number, dial, email, web, note }, hint) {
  const way = h("span", { class: number ? "number" : "address" }, number ?? email ?? web ?? "");
  const parts = [h("b", {}, name), way, note ? h("small", {}, note) : null];
  if (number ? DIAL.test(dial ?? "") : email) {
    return h("a", { class: "helpline", href: number ? `tel:${dial}` : `mailto:${email}` }, icon(number ? "phone" : "mail"), ...parts);
  }
  if (number || !web) return h("div", { class: "helpline" }, ...parts);
  return h("a", { class: "helpline", href: `https://${web}`, target: "_blank", rel: "noopener noreferrer" },
    icon("web"), ...parts, h("span", { class: "quiet" }, `(${hint})`));
}

function progress({ step, of }, words) {
  const text = words.progress(step, of);
  return h("div", { class: "progress", "data-testid": "progress" },
    h("progress", { value: step, max: of, "aria-label": text }), h("span", { "aria-hidden": "true" }, text));
}

function clock(at, language) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const text = date.toLocaleTimeString(`${language}-BE`, { hour: "2-digit", minute: "2-digit" });
  return h("time", { datetime: at }, text);
}
