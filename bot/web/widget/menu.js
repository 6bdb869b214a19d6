/** What is not needed at every moment: language, sound, the text of the conversation, its end. */

import { h, icon } from "./dom.js";
import { LANGUAGES, LANGUAGE_NAMES } from "./strings.js";

/** A button and the short list it opens. */
export class Menu {
  #languages = LANGUAGES.map((language) => this.#item(`language-${language}`, () => this.#on.language(language), { lang: language }, LANGUAGE_NAMES[language]));
  #on;
  #languageGroup = h("div", { class: "languages", role: "group" }, ...this.#languages);
  #sound = this.#item("sound", () => this.#on.sound(), { "aria-pressed": "false" });
  #copy = this.#item("copy", () => this.#on.copy());
  #transcript = this.#item("transcript", () => this.#on.transcript());
  #end = this.#item("end", () => this.#on.end());
  // Below the emergency numbers, which nothing may cover: so it is not beside its button, and takes the focus.
  list = h("div", { class: "menu", id: "cc-menu", role: "group", hidden: true, "data-testid": "menu", focusout: (event) => this.#left(event) },
    this.#languageGroup, this.#sound, this.#copy, this.#transcript, this.#end);
  button = h("button", { class: "round", "aria-expanded": "false", "aria-controls": "cc-menu", "data-testid": "menu-button",
    click: () => this.toggle() }, icon("menu"));

  constructor(on) {
    this.#on = on;
  }

  translate(words, language) {
    this.button.setAttribute("aria-label", words.menu);
    this.list.setAttribute("aria-label", words.menu);
    this.#languageGroup.setAttribute("aria-label", words.language);
    for (const item of this.#languages) item.setAttribute("aria-pressed", String(item.lang === language));
    for (const [item, text] of [[this.#sound, words.sound], [this.#copy, words.copy], [this.#transcript, words.transcript], [this.#end, words.end]]) {
      item.textContent = text;
    }
  }

  /** loud: sound is on; talking: there is a conversation to keep or to end. */
  state(loud, talking) {
    this.#sound.setAttribute("aria-pressed", String(loud));
    for (const item of [this.#copy, this.#transcript, this.#end]) item.hidden = !talking;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  toggle() {
    this.show(!this.isOpen);
    (this.isOpen ? this.#languages[0] : this.button).focus();
  }

  show(open) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  #item(name, click, props = {}, ...words) {
    const chosen = () => {
      this.toggle();
      click();
    };
    return h("button", { "data-testid": name, click: name === "sound" ? click : chosen, ...props }, ...words);
  }

  #left({ relatedTarget }) {
    if (relatedTarget && relatedTarget !== this.button && !this.list.contains(relatedTarget)) this.show(false);
  }
}
