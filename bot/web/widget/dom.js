/** Builds elements without HTML strings, so that no text of anybody can ever become markup. */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.4 3.6A1 1 0 0 1 5 18.8V16A2.5 2.5 0 0 1 4 13.5z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  phone: "M6.5 4h2.6l1.5 4-2 1.6a12 12 0 0 0 5.8 5.8l1.6-2 4 1.5v2.6A2 2 0 0 1 18 19.5 14 14 0 0 1 4.5 6 2 2 0 0 1 6.5 4z",
  down: "M12 5v14M6 13l6 6 6-6",
  shield: "M12 3l7 2.6v5.6c0 4.4-3 7.7-7 9.3-4-1.6-7-4.9-7-9.3V5.6zM8.8 12l2.3 2.3 4.2-4.5",
};

/**
 * Makes an element: functions in `props` become listeners, true/false an attribute with or without, the rest attributes.
 * @param {...(Node|string|null|undefined)} children strings become text nodes
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
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
 * @param {string} hint what a screen reader adds to a link, e.g. "opens in a new tab"
 */
export function linkified(text, hint) {
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
