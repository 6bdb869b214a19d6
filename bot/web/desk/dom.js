/** Builds elements without HTML strings, so that no text of anybody can ever become markup. */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  bell: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  check: "M5 12l5 5L20 7",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L15 7",
  close: "M6 6l12 12M18 6L6 18",
  cross: "M6 6l12 12M18 6L6 18",
  doubt: "M9 9a3 3 0 1 1 4 2.8c-.7.3-1 .9-1 1.7M12 17.5v.01",
  down: "M6 9l6 6 6-6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  gear: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  messenger: "M12 3c5 0 9 3.6 9 8.3s-4 8.3-9 8.3c-1 0-2-.1-2.9-.4L5 21v-3.4a8 8 0 0 1-2-6.3C3 6.6 7 3 12 3zM7.5 13l3-3 2.5 2 3.5-3",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5",
  panel: "M4 5h16v14H4zM14 5v14",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  phone: "M6 4h3l2 4-2 2a12 12 0 0 0 5 5l2-2 4 2v3a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
  send: "M12 19V5M6 11l6-6 6 6",
  web: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  whatsapp: "M4 20l1.3-3.800A8 8 0 1 1 8 18.900zM9 9c0 3 3 6 6 6",
};

/** Makes an element: functions in `props` become listeners, true/false an attribute with or without, the rest attributes. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for pictures. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("aria-") && typeof value === "boolean") element.setAttribute(name, String(value));
    else if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.flat(3).filter((child) => child != null && child !== false));
  return element;
}

/** A line icon, hidden from screen readers: the button around it carries the words. */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" }, svg("path", { d: ICONS[name] }));
}

/** Words only a screen reader says. */
export function quiet(text) {
  return h("span", { class: "quiet" }, text);
}

/** A button with words. */
export function button(words, press, props = {}) {
  return h("button", { type: "button", class: "button", click: press, ...props }, words);
}

/** A button with an icon and its name for screen readers and as a tooltip. */
export function iconButton(name, words, press, props = {}) {
  return h("button", { type: "button", class: "icon-button", title: words, "aria-label": words, click: press, ...props }, icon(name));
}

/** A field with its label. */
export function field(words, input, hint = null) {
  return h("label", { class: "field" }, h("span", { class: "label" }, words), input, hint && h("span", { class: "hint" }, hint));
}

/** A choice from a list of [value, words]. */
export function select(choices, chosen, props = {}) {
  return h("select", props, choices.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
}

const LINK = /https?:\/\/[^\s<>"'“”«»]+/g;

/** Text with its http and https addresses as links. */
export function linked(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(/[.,;:!?…)\]]+$/, "");
    fragment.append(text.slice(end, match.index));
    fragment.append(h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address));
    end = match.index + address.length;
  }
  fragment.append(text.slice(end));
  return fragment;
}

/**
 * Brings a list up to date: `items` by `key`, each made anew only when it changed, so focus, selection and
 * what a screen reader has read stay where they are.
 */
export function keep(list, items, key, make) {
  const before = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let place = list.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const seal = JSON.stringify(item);
    let element = before.get(name);
    before.delete(name);
    if (!element || element.seal !== seal) {
      const fresh = make(item);
      fresh.dataset.key = name;
      fresh.seal = seal;
      if (element) {
        const focused = element.contains(document.activeElement) && document.activeElement.dataset.focus;
        if (place === element) place = fresh;
        element.replaceWith(fresh);
        if (focused) fresh.querySelector(`[data-focus="${focused}"]`)?.focus();
      }
      element = fresh;
    }
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  for (const gone of before.values()) gone.remove();
}

/** Says something to a screen reader. */
export function announce(text) {
  document.getElementById("live").textContent = text;
}

/** Shows a short message that goes away by itself; it is announced too. */
export function toast(text, bad = false) {
  const shown = h("div", { class: bad ? "toast bad" : "toast", "data-testid": "toast" }, text);
  document.body.append(shown);
  announce(text);
  setTimeout(() => shown.remove(), 6000);
}
