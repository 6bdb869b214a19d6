/** Builds elements without HTML strings, so that no text of anybody can ever become markup. */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M20 14a3 3 0 0 1-3 3H9l-5 4V6a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3z",
  menu: "M5 7h14M5 12h14M5 17h14",
  files: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L15 7",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  phone: "M6 4h3l2 4-2 2a12 12 0 0 0 5 5l2-2 4 2v3a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
  mail: "M3 6h18v12H3zM3 7l9 6 9-6",
  web: "M13 4h7v7M20 4l-9 9M18 14v6H4V6h6",
  down: "M12 5v14M6 13l6 6 6-6",
  shield: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4",
};

/** Makes an element: functions in `props` become listeners, true/false an attribute with or without, the rest attributes. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  // One that sends a form says so itself.
  if (tag === "button") element.type = tag;
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** One of the widget's line icons, hidden from screen readers (the button around it carries the words). */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const LINK = /https?:\/\/[^\s<>"'“”«»]+/g;
const TRAILING = /[.,;:!?…)\]]+$/;

/**
 * Splits text into text nodes and links; only http and https become links.
 * A screen reader adds `hint` to a link, e.g. "opens in a new tab".
 */
export function linkified(said, hint) {
  // A telephone number stays on one line.
  const text = said.replace(/(\d) (?=\d)/g, "$1\u00a0");
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].includes("(") ? match[0].replace(/[.,;:!?…]+$/, "") : match[0].replace(TRAILING, "");
    fragment.append(text.slice(end, match.index));
    const label = `${address} (${hint})`;
    fragment.append(h("a", { href: address, target: "_blank", rel: "noopener noreferrer", "aria-label": label }, address));
    end = match.index + address.length;
  }
  fragment.append(text.slice(end));
  return fragment;
}
