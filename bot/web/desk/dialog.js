/** Dialogs: the browser's own, so that focus stays inside and comes back. */

import { button, h, iconButton } from "./dom.js";
import { t } from "./strings.js";

let count = 0;

/**
 * Shows a dialog.
 *
 * With `ask`, {words, act, bad}, it has a button that runs `act` and closes the dialog if that did not fail;
 * what it throws is shown as a problem.
 */
export function dialog(title, body, ask = null) {
  const id = `dialog-${++count}`;
  const problem = h("p", { class: "problem", role: "alert" });
  const go = ask && h("button", { class: ask.bad ? "button bad" : "button primary", "data-testid": "dialog-go" }, ask.words);
  const submit = async (event) => {
    event.preventDefault();
    if (!ask) return box.close();
    go.disabled = true;
    try {
      await ask.act();
      box.close();
    } catch (refused) {
      problem.textContent = refused.words ?? t("error_unknown", { code: refused.message });
    } finally {
      go.disabled = false;
    }
  };
  const box = h("dialog", { "aria-labelledby": id, "data-testid": "dialog" },
    h("form", { submit },
      h("div", { class: "dialog-head" }, h("h2", { id }, title), iconButton("close", t("close"), () => box.close())),
      h("div", { class: "dialog-body" }, body), problem,
      ask && h("div", { class: "dialog-foot" }, button(t("cancel"), () => box.close()), go)));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  box.querySelector(".dialog-body input, .dialog-body textarea, .dialog-body select")?.focus();
  return box;
}
