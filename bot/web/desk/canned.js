/** Canned replies: a list to search in, by keyboard only if one likes. */

import { get } from "./api.js";
import { h, toast } from "./dom.js";
import { t } from "./strings.js";

/** The box above the field; `choose(text)` takes a reply, `back()` goes back to the field. */
export function cannedView({ choose, back }) {
  const state = { replies: [], at: 0, language: "en", finding: null };
  const list = h("ul", { role: "listbox", id: "canned-list", "aria-label": t("canned") });
  const search = h("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "canned-list", "aria-autocomplete": "list",
    "aria-label": t("canned_search"), placeholder: t("canned_search"), maxlength: 100, "data-testid": "canned-search", input: () => look() });
  const element = h("div", { class: "canned", hidden: true }, search, list);

  const find = async () => {
    const q = search.value;
    const found = (await get(`/canned?${new URLSearchParams({ language: state.language, q })}`)).replies;
    if (q !== search.value) return;
    state.replies = found;
    list.replaceChildren(...found.map((reply, place) => h("li", { role: "option", id: `canned-${place}`, "data-testid": "canned-reply",
      mousedown: (event) => (event.preventDefault(), take(place)) }, h("strong", {}, reply.title), h("span", {}, reply.text))));
    if (!found.length) list.replaceChildren(h("li", { class: "soft", role: "option", "aria-disabled": "true" }, t("nothing_found")));
    mark(0);
  };
  const look = () => {
    state.finding = find().catch((refused) => toast(refused.words ?? t("error_unknown", { code: refused.message }), true));
  };
  const mark = (place) => {
    state.at = Math.max(0, Math.min(state.replies.length - 1, place));
    [...list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === state.at && state.replies.length > 0)));
    if (state.replies.length) search.setAttribute("aria-activedescendant", `canned-${state.at}`);
    else search.removeAttribute("aria-activedescendant");
    list.children[state.at]?.scrollIntoView({ block: "nearest" });
  };
  const take = (place) => {
    const reply = state.replies[place];
    if (!reply) return;
    hide();
    choose(reply.text);
  };
  const hide = () => {
    element.hidden = true;
  };
  search.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key]) mark(state.at + moves[event.key]);
    // Whoever types fast means the list that is on its way, not the one that still stands there.
    else if (event.key === "Enter") state.finding.then(() => element.hidden || take(state.at));
    else if (event.key === "Escape") {
      hide();
      back();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("focusout", (event) => !element.contains(event.relatedTarget) && hide());
  return {
    element, hide,
    show: (language) => {
      state.language = language;
      search.value = "";
      element.hidden = false;
      search.focus();
      look();
    },
  };
}
