/** Where the customer answers: words, files, or the field made for the question; and a last look before it is sent. */

import { AnswerField } from "./answer-field.js";
import { h, icon } from "./dom.js";
import { findSensitive, masked } from "./sensitive.js";
import { Tray } from "./tray.js";

const LIMIT = 4000;
const NEAR_LIMIT = 3600;
// A customer who has not typed for this long is no longer writing.
const WRITING_ENDS = 5000;

/** on.send({title, attachments}), on.writing(bool). */
export class Composer {
  #on;
  #words;
  #writing = 0;
  #asked;
  #label = h("label", { class: "quiet", for: "cc-text" });
  #text = h("textarea", { id: "cc-text", rows: "1", enterkeyhint: "send", autocomplete: "off", "aria-describedby": "cc-hint cc-count",
    "data-testid": "composer", input: () => this.#typed(), keydown: (event) => this.#key(event), paste: (event) => this.#pasted(event) });
  #attach = h("button", { class: "round", "aria-expanded": "false", "data-testid": "attach",
    click: () => this.#tray.show(!this.#tray.open, { focus: true }) }, icon("files"));
  #send = h("button", { type: "submit", class: "round send", "data-testid": "send" }, icon("send"));
  #hint = h("p", { class: "hint", id: "cc-hint" });
  #count = h("p", { class: "count", id: "cc-count", role: "status", "data-testid": "counter" });
  #question = h("p", { id: "cc-caution" });
  #hide = h("button", { class: "solid", "data-testid": "hide-and-send", click: () => this.#hidden() });
  #change = h("button", { class: "link", "data-testid": "change-text", click: () => this.#changed() });
  #caution = h("div", { class: "caution", role: "alertdialog", "aria-labelledby": "cc-caution", hidden: true, "data-testid": "caution",
    keydown: (event) => this.#escaped(event) }, this.#question, h("div", { class: "row" }, this.#hide, this.#change));
  #tray;
  #answer;
  #form;

  constructor(chat, on) {
    this.#on = on;
    this.#tray = new Tray(chat, () => this.#look());
    this.#answer = new AnswerField((title) => on.send({ title }));
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    this.#form = h("form", { class: "composer", submit }, this.#label,
      h("div", { class: "field" }, this.#attach, this.#text, this.#send), this.#count, this.#hint);
    this.element = h("div", { class: "answering" }, this.#caution, this.#tray.element, this.#answer.element, this.#form);
  }

  translate(words, language) {
    this.#words = words;
    this.#label.textContent = words.message;
    this.#text.placeholder = words.placeholder;
    this.#attach.setAttribute("aria-label", words.attach);
    this.#send.setAttribute("aria-label", words.send);
    this.#hint.textContent = words.hint;
    this.#question.textContent = words.secretFound;
    this.#hide.textContent = words.hideAndSend;
    this.#change.textContent = words.change;
    this.#answer.translate(words);
    this.#tray.translate(words, language);
    this.#look();
  }

  /** The field for a kind of question, if there is one; for files, the tray. */
  ask(kind, question) {
    if (kind === "files" && this.#asked !== question) this.#tray.show(true);
    this.#asked = question;
    this.#answer.ask(kind, question);
  }

  thumb(id) {
    return this.#tray.thumb(id);
  }

  /** Files that were dropped or pasted. */
  add(files) {
    this.#tray.add(files);
  }

  /** Puts the cursor where the next words go. */
  focus() {
    (this.#caution.hidden ? this.#text : this.#hide).focus({ preventScroll: true });
  }

  #key(event) {
    // Some keyboards confirm a word they are composing with Enter; that is not sending.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  #typed() {
    clearTimeout(this.#writing);
    const writing = Boolean(this.#text.value.trim());
    this.#on.writing(writing);
    if (writing) this.#writing = setTimeout(() => this.#on.writing(false), WRITING_ENDS);
    this.#look();
  }

  #submit() {
    const text = this.#text.value.trim();
    if (this.#send.disabled) return;
    if (findSensitive(text).length) this.#ask();
    else this.#deliver(text);
  }

  #ask() {
    this.#caution.hidden = false;
    this.#form.hidden = true;
    this.#hide.focus();
  }

  #hidden() {
    const text = this.#text.value.trim();
    this.#changed();
    this.#deliver(masked(text, findSensitive(text)));
  }

  #changed() {
    this.#caution.hidden = true;
    this.#form.hidden = false;
    this.#text.focus({ preventScroll: true });
  }

  #escaped(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#changed();
  }

  #deliver(title) {
    clearTimeout(this.#writing);
    const attachments = this.#tray.take();
    this.#text.value = "";
    this.#look();
    this.#on.send({ title, ...(attachments.length ? { attachments } : {}) });
    this.#text.focus({ preventScroll: true });
  }

  /** Makes the field as high as its text, which can be measured only while it is on the screen. */
  fit() {
    this.#text.style.height = "auto";
    if (this.#text.scrollHeight) this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  /** Looks whether there is something that may be sent. */
  #look() {
    if (!this.#words) return;
    const { value } = this.#text;
    const left = LIMIT - value.trim().length;
    this.fit();
    this.#send.disabled = left < 0 || this.#tray.underway || (!value.trim() && !this.#tray.ready);
    this.#attach.setAttribute("aria-expanded", String(this.#tray.open));
    this.#text.setAttribute("aria-invalid", String(left < 0));
    if (LIMIT - left < NEAR_LIMIT) this.#count.textContent = this.#tray.underway ? this.#words.uploadsFirst : "";
    else this.#count.textContent = left < 0 ? this.#words.tooLong(-left) : this.#words.left(left);
  }
}
