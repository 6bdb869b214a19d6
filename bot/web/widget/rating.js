/** The end of a conversation: how was it, in one to five and in words; then the way to a new one. */

import { h } from "./dom.js";

const SCORES = [1, 2, 3, 4, 5];
const LONGEST = 1000;

/** Takes the composer's place when the customer has ended the conversation. */
export class Rating {
  #on;
  #words;
  #asked = null;
  #question = h("legend");
  #scores = SCORES.map((score) => {
    const input = h("input", { type: "radio", name: "cc-score", value: score, class: "quiet", "data-testid": `score-${score}` });
    return { score, input, label: h("label", {}, input, h("span", { "aria-hidden": "true" }, "★")) };
  });
  #reasonLabel = h("label", { for: "cc-reason" });
  #reason = h("textarea", { id: "cc-reason", rows: 2, maxlength: LONGEST, "data-testid": "reason" });
  #problem = h("p", { class: "problem", role: "alert" });
  #send = h("button", { type: "submit", class: "solid", "data-testid": "rate" });
  #skip = h("button", { class: "link", "data-testid": "skip-rating", click: () => this.#on.rate(null) });
  #form = h("form", { submit: (event) => this.#rate(event) },
    h("fieldset", {}, this.#question, h("div", { class: "scores" }, ...this.#scores.map(({ label }) => label))),
    this.#reasonLabel, this.#reason, this.#problem, h("div", { class: "row" }, this.#send, this.#skip));
  #thanks = h("p", { role: "status" });
  #anew = h("button", { class: "solid", "data-testid": "new-conversation", click: () => this.#on.anew() });
  #over = h("div", { class: "over" }, this.#thanks, this.#anew);
  element = h("div", { class: "rating", hidden: true, "data-testid": "rating" }, this.#form, this.#over);

  constructor(on) {
    this.#on = on;
  }

  translate(words) {
    this.#words = words;
    this.#question.textContent = words.rateQuestion;
    for (const { score, input } of this.#scores) input.setAttribute("aria-label", words.score(score));
    this.#reasonLabel.textContent = words.reason;
    this.#send.textContent = words.rate;
    this.#skip.textContent = words.skip;
    this.#thanks.textContent = words.thanks;
    this.#anew.textContent = words.anew;
  }

  /** ended: undefined while the conversation goes on, "asked" before the rating, "over" after it. */
  show(ended) {
    if (ended === this.#asked) return;
    const before = this.#asked;
    this.#asked = ended;
    this.element.hidden = !ended;
    this.#form.hidden = ended !== "asked";
    this.#over.hidden = ended !== "over";
    if (ended === "asked") {
      this.#form.reset();
      this.#problem.textContent = "";
      this.#scores[0].input.focus();
    } else if (before === "asked") this.#anew.focus();
  }

  #rate(event) {
    event.preventDefault();
    const score = this.#scores.find(({ input }) => input.checked)?.score;
    const reason = this.#reason.value.trim();
    if (score) this.#on.rate({ score, ...(reason ? { reason } : {}) });
    this.problem(score ? "" : this.#words.rateFirst);
  }

  problem(text) {
    this.#problem.textContent = text;
  }
}
