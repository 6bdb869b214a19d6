/** The words of the console in three languages; what customers read comes from the library and from staff. */

import { TEXTS } from "./texts.js";

export const LANGUAGES = { en: "English", nl: "Nederlands", fr: "Français" };
const PLACES = Object.keys(LANGUAGES);

let current = "en";

/** Chooses the language of the interface. */
export function setLanguage(wanted) {
  current = wanted;
  document.documentElement.lang = wanted;
}

/** The language of the interface. */
export const language = () => current;

/** Words by their key, gaps such as {name} filled in; empty if there are none. */
export function t(key, values = {}) {
  const words = TEXTS[key]?.[PLACES.indexOf(current)] ?? "";
  return words.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}
