/** A field made for the question that is open: a date picker, an amount, a code. Typing in words stays possible. */

import { h } from "./dom.js";

const AMOUNT = /^\d[\d .,\u00a0']*$/;
const KINDS = {
  date: { type: "date", min: "1900-01-01", max: "2099-12-31" },
  amount: { inputmode: "decimal", autocomplete: "off", maxlength: 15, placeholder: "0,00" },
  code: { inputmode: "numeric", autocomplete: "one-time-code", maxlength: 12 },
};

/** The kind of field the newest question asks for. */
export function askedKind(turn) {
  const asking = turn.findLast((entry) => entry.card?.input || entry.buttons?.length);
  return asking?.card?.input;
}

/** Shown above the composer while such a question is open. */
export class AnswerField {
  #words;
  #kind;
  #question = 0;
  #send;
  #label = h("label", { for: "cc-answer" });
  #sign = h("span", { "aria-hidden": "true" }, "€");
  #problem = h("p", { class: "problem", id: "cc-answer-problem", role: "alert" });
  #slot = h("span", { class: "slot" });
  #submit = h("button", { type: "submit", class: "solid", "data-testid": "answer-send" });
  element = h("form", { class: "answer", hidden: true, novalidate: true, "data-testid": "answer-field", submit: (event) => this.#done(event) },
    this.#label, h("div", { class: "row" }, this.#sign, this.#slot, this.#submit), this.#problem);

  constructor(send) {
    this.#send = send;
  }

  translate(words) {
    this.#words = words;
    this.#submit.textContent = words.answer;
    this.#label.textContent = words.field[this.#kind] ?? "";
  }

  /** A new question empties it. */
  ask(kind, question) {
    const known = Object.hasOwn(KINDS, kind ?? "") ? kind : undefined;
    if (known === this.#kind && question === this.#question) return;
    this.#kind = known;
    this.#question = question;
    this.element.hidden = !known;
    this.#problem.textContent = "";
    if (!known) return;
    this.#label.textContent = this.#words.field[known];
    this.#sign.hidden = known !== "amount";
    this.#slot.replaceChildren(h("input", { id: "cc-answer", "data-testid": "answer", "aria-describedby": "cc-answer-problem", ...KINDS[known] }));
  }

  #done(event) {
    event.preventDefault();
    const input = this.#slot.firstChild;
    const said = this.#said(input.value.trim());
    this.#problem.textContent = said ? "" : this.#words.problem[this.#kind];
    input.setAttribute("aria-invalid", String(!said));
    if (said) this.#send(said);
    else input.focus();
  }

  /** The answer as a customer would write it: day first, amounts with their sign. */
  #said(value) {
    if (this.#kind === "date") return value.split("-").reverse().join("/");
    if (this.#kind === "amount") return AMOUNT.test(value) ? `€ ${value}` : "";
    return value;
  }
}
