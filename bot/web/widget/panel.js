/** The window of the chat: header, emergency strip, conversation and composer; and the button that opens it. */

import { contactsFor } from "./contacts.js";
import { h, icon } from "./dom.js";
import { Menu } from "./menu.js";

// The same as in the style sheet: the window takes the whole screen, and nothing behind it may have the focus.
const WHOLE_SCREEN = matchMedia("(max-width: 520px), (max-height: 430px)");

/** Everything around the messages; it knows no conversation, only what is pressed and dropped. */
export class Panel {
  #words;
  #known = false;
  #unread = 0;
  #launcherWords = h("span");
  #badge = h("span", { class: "badge", "data-testid": "unread", hidden: true });
  #mark = h("span", { class: "mark", "aria-hidden": "true" });
  #agent = h("p", { role: "status", "data-testid": "agent" });
  #close;
  #strip = h("nav", { class: "strip", "data-testid": "contacts" });
  #status = h("p", { class: "status", role: "status", "data-testid": "status" });
  #drop = h("div", { class: "drop", "aria-hidden": "true" }, icon("files"));

  /** on: open, close, files(list) and what the menu offers; `parts`: the elements below the strip. */
  constructor(on, parts) {
    this.menu = new Menu(on);
    this.#close = h("button", { class: "round", "data-testid": "close", click: () => on.close() }, icon("close"));
    this.launcher = h("button", { class: "launcher", part: "launcher", "data-testid": "launcher", "aria-haspopup": "dialog",
      "aria-expanded": "false", click: () => on.open() }, icon("chat"), this.#launcherWords, this.#badge);
    const header = h("div", { class: "header" }, this.#mark,
      h("div", { class: "title" }, h("h2", {}, "Cyber Care"), this.#agent), this.menu.button, this.#close);
    const [conversation, ...below] = parts;
    this.element = h("section", { class: "panel", part: "panel", role: "dialog", "data-testid": "panel", hidden: true,
      click: ({ target }) => this.menu.list.contains(target) || this.menu.button.contains(target) || this.menu.show(false),
      keydown: (event) => (event.key === "Escape" ? this.#escaped(on) : this.#keepFocus(event)),
      dragover: (event) => this.#dragged(event, true), dragleave: (event) => this.#dragged(event, false),
      drop: (event) => this.#dropped(event, on.files) }, header, this.#strip, h("div", { class: "menubox" }, this.menu.list), conversation, this.#status, ...below, this.#drop);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  translate(words, language) {
    this.#words = words;
    this.element.lang = this.launcher.lang = language;
    this.element.setAttribute("aria-label", words.panel);
    this.#close.setAttribute("aria-label", words.close);
    this.#strip.setAttribute("aria-label", words.contacts);
    this.#strip.replaceChildren(...contactsFor(language).map(({ id, number, dial }) => h("a", { href: `tel:${dial}` },
      h("span", {}, words.contact[id]), h("b", {}, number))));
    this.menu.translate(words, language);
    this.launch(this.#known, this.#unread);
  }

  open() {
    this.element.hidden = false;
    this.element.setAttribute("aria-modal", String(WHOLE_SCREEN.matches));
    this.launcher.hidden = true;
    this.launcher.setAttribute("aria-expanded", "true");
  }

  /** Closes it and gives the focus back to the button that opened it. */
  close() {
    this.element.hidden = true;
    this.menu.show(false);
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

  /** Says at all times who answers: the assistant, nobody yet, or somebody by name. */
  agent({ mode, staff_name: name, position, wait_minutes: minutes }) {
    const text = this.#words.agent[mode]?.(name || this.#words.authors.staff, position, minutes) ?? this.#words.agent.bot();
    if (this.#agent.textContent !== text) this.#agent.textContent = text;
    this.element.dataset.mode = mode;
    this.#mark.replaceChildren(mode === "human" && name ? name.trim()[0].toUpperCase() : icon("shield"));
  }

  status(text) {
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  #escaped(on) {
    if (this.menu.isOpen) this.menu.toggle();
    else on.close();
  }

  #keepFocus(event) {
    if (event.key !== "Tab" || !WHOLE_SCREEN.matches) return;
    const all = [...this.element.querySelectorAll("a[href], button, input, textarea, [tabindex='0']")];
    const usable = all.filter((one) => !one.disabled && one.getClientRects().length);
    const edge = usable.at(event.shiftKey ? 0 : -1);
    if (this.element.getRootNode().activeElement !== edge) return;
    event.preventDefault();
    usable.at(event.shiftKey ? -1 : 0).focus();
  }

  #dragged(event, over) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.element.toggleAttribute("data-dragging", over);
  }

  #dropped(event, take) {
    this.#dragged(event, false);
    take([...(event.dataTransfer?.files ?? [])]);
  }
}
