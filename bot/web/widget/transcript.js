/** Gives the customer the words of the conversation to keep: to the clipboard, or as a file. */

import { h } from "./dom.js";

/** Puts text on the clipboard; the newer way exists on secure pages only. */
export async function copyText(text, root) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = h("textarea", { class: "quiet", "aria-hidden": "true" });
  root.append(field);
  field.value = text;
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("not copied");
}

/** Offers a file to be saved. */
export function saveAs(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
