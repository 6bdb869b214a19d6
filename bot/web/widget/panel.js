/** The window of the chat: header, emergency strip, conversation and composer; and the button that opens it. */

import { contactsFor } from "./contacts.js";
import { h, icon } from "./dom.js";
import { LANGUAGES, LANGUAGE_NAMES } from "./strings.js";

const LIMIT = 4000;
const NEAR_LIMIT = 3600;

/** Everything around the messages; it knows no conversation, only what is pressed and typed. */
export class Panel {
  #on;
  #words;
  #known = false;
  #unread = 0;
  #launcherWords = h("span");
  #badge = h("span", { class: "badge", "data-testid": "unread", hidden: true });
  #subtitle = h("p");
  #languages = h("div", { class: "languages", role: "group" });
  #close = h("button", { type: "button", class: "round", "data-testid": "close", click: () => this.#on.close() }, icon("close"));
  #strip = h("nav", { class: "strip", "data-testid": "contacts" });
  #status = h("p", { class: "status", role: "status", "data-testid": "status" });
  #label = h("label", { class: "quiet", for: "cc-text" });
  #text = h("textarea", { id: "cc-text", rows: "1", enterkeyhint: "send", autocomplete: "off", "aria-describedby": "cc-hint cc-count",
    "data-testid": "composer", input: () => this.#grown(), keydown: (event) => this.#key(event) });
  #send = h("button", { type: "submit", class: "round send", "data-testid": "send" }, icon("send"));
  #hint = h("p", { class: "hint", id: "cc-hint" });
  #count = h("p", { class: "count", id: "cc-count", role: "status", "data-testid": "counter" });

  constructor(on, conversation) {
    this.#on = on;
    this.launcher = h("button", { type: "button", class: "launcher", part: "launcher", "data-testid": "launcher", "aria-haspopup": "dialog",
      "aria-expanded": "false", click: () => on.open() }, icon("chat"), this.#launcherWords, this.#badge);
    const languages = LANGUAGES.map((language) => h("button", { type: "button", lang: language, "data-testid": `language-${language}`,
      "aria-label": LANGUAGE_NAMES[language], click: () => on.language(language) }, language.toUpperCase()));
    this.#languages.append(...languages);
    const header = h("div", { class: "header" }, h("span", { class: "mark" }, icon("shield")),
      h("div", { class: "title" }, h("h2", {}, "Cyber Care"), this.#subtitle), this.#languages, this.#close);
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    const composer = h("form", { class: "composer", submit }, this.#label,
      h("div", { class: "field" }, this.#text, this.#send), this.#count, this.#hint);
    this.element = h("section", { class: "panel", part: "panel", role: "dialog", "data-testid": "panel", hidden: true,
      keydown: (event) => event.key === "Escape" && on.close() }, header, this.#strip, conversation, this.#status, composer);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  translate(words, language) {
    this.#words = words;
    this.element.lang = this.launcher.lang = language;
    this.element.setAttribute("aria-label", words.panel);
    this.#subtitle.textContent = words.subtitle;
    this.#languages.setAttribute("aria-label", words.language);
    for (const button of this.#languages.children) button.setAttribute("aria-pressed", String(button.lang === language));
    this.#close.setAttribute("aria-label", words.close);
    this.#strip.setAttribute("aria-label", words.contacts);
    this.#strip.replaceChildren(...contactsFor(language).map(({ id, number, dial }) => h("a", { href: `tel:${dial}`, "data-contact": id },
      h("span", {}, words.contact[id]), h("b", {}, number))));
    this.#label.textContent = words.field;
    this.#text.placeholder = words.placeholder;
    this.#send.setAttribute("aria-label", words.send);
    this.#hint.textContent = words.hint;
    this.#grown();
    this.launch(this.#known, this.#unread);
  }

  /** Opens it, ready to type. */
  open() {
    this.element.hidden = false;
    this.launcher.hidden = true;
    this.launcher.setAttribute("aria-expanded", "true");
    this.#grown();
    this.focus();
  }

  /** Closes it and gives the focus back to the button that opened it. */
  close() {
    this.element.hidden = true;
    this.launcher.hidden = false;
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus({ preventScroll: true });
  }

  /** `known`: there is a conversation to go on with. */
  launch(known, unread) {
    this.#known = known;
    this.#unread = unread;
    this.#launcherWords.textContent = known ? this.#words.launcherAgain : this.#words.launcher;
    this.#badge.hidden = !unread;
    this.#badge.replaceChildren(...(unread
      ? [h("span", { "aria-hidden": "true" }, unread > 9 ? "9+" : String(unread)), h("span", { class: "quiet" }, `, ${this.#words.unread(unread)}`)]
      : []));
  }

  status(text) {
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  /** Puts the cursor where the next words go. */
  focus() {
    this.#text.focus({ preventScroll: true });
  }

  #key(event) {
    // Some keyboards confirm a word they are composing with Enter; that is not sending.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#text.value.trim();
    if (text && text.length <= LIMIT) {
      this.#text.value = "";
      this.#grown();
      this.#on.send(text);
    }
    this.#text.focus({ preventScroll: true });
  }

  #grown() {
    const { value } = this.#text;
    const left = LIMIT - value.trim().length;
    this.#text.style.height = "auto";
    if (this.#text.scrollHeight) this.#text.style.height = `${this.#text.scrollHeight}px`;
    this.#send.toggleAttribute("disabled", left < 0 || !value.trim());
    this.#text.setAttribute("aria-invalid", String(left < 0));
    if (LIMIT - left < NEAR_LIMIT) this.#count.textContent = "";
    else this.#count.textContent = left < 0 ? this.#words.tooLong(-left) : this.#words.left(left);
  }
}
