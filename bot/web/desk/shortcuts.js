/** Single keys for everything, and the overview of them; they can be switched off (WCAG 2.1.4). */

import { h } from "./dom.js";
import { dialog } from "./dialog.js";
import { prefs } from "./prefs.js";
import { t } from "./strings.js";

export const KEYS = [
  ["j", "next"], ["k", "previous"], ["1", "view_waiting"], ["2", "view_mine"], ["3", "view_all"], ["4", "view_closed"], ["f", "search"],
  ["t", "take"], ["r", "reply"], ["n", "note"], ["/", "canned"], ["d", "request_documents"], ["h", "hand_back"], ["a", "assign"],
  ["c", "close_conversation"], ["p", "details"], ["?", "shortcuts"],
];

const TYPING = "input, textarea, select, [contenteditable]";

/** Calls `actions[key]` when a key is pressed outside of fields and dialogs. Returns a function that ends it. */
export function listen(actions) {
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      showShortcuts();
    } else if (prefs.keys && actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

/** The overview. */
export function showShortcuts() {
  if (document.querySelector("dialog[open]")) return;
  const rows = KEYS.map(([key, words]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(words))));
  const more = [["Enter", "key_enter"], ["Shift + Enter", "key_line"], ["Esc", "key_escape"]]
    .map(([key, words]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(words))));
  dialog(t("shortcuts"), [h("dl", { class: "keys" }, rows, more), h("p", { class: "soft" }, t("keys_hint"))]);
}
