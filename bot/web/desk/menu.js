/** A button that opens a small box below it, and closes it again by Escape, by a press elsewhere or when focus leaves. */

import { h, icon } from "./dom.js";

/** Makes one; `opened` runs each time it opens. */
export function menu(image, words, body, opened = () => {}) {
  const press = h("button", { type: "button", class: "icon-button", title: words, "aria-label": words, "aria-expanded": "false", click: () => show(body.hidden) }, icon(image));
  const box = h("div", { class: "menu" }, press, body);
  body.hidden = true;
  const show = (on) => {
    body.hidden = !on;
    press.setAttribute("aria-expanded", String(on));
    if (on) opened();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || body.hidden) return;
    event.stopPropagation();
    show(false);
    press.focus();
  });
  box.addEventListener("focusout", (event) => {
    if (!body.hidden && event.relatedTarget && !box.contains(event.relatedTarget)) show(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!body.hidden && !box.contains(event.target)) show(false);
  });
  return box;
}
