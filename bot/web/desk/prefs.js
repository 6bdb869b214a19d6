/** What a member of staff set for themselves, kept in this browser. */

const KEY = "cybercare.desk";
const USUAL = { language: "", theme: "", sound: true, notify: false, keys: true };

function read() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY) || "{}") };
  } catch {
    return { ...USUAL };
  }
}

export const prefs = read();

/** Changes a setting. */
export function setPref(name, value) {
  prefs[name] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // A browser that keeps nothing: the setting holds until the page is closed.
  }
  showTheme();
}

/** Shows the chosen theme; none means that of the machine. */
export function showTheme() {
  if (prefs.theme) document.documentElement.dataset.theme = prefs.theme;
  else delete document.documentElement.dataset.theme;
}

/** The language of the interface. */
export function chosenLanguage() {
  const wanted = [prefs.language, ...(navigator.languages || []).map((each) => each.slice(0, 2))];
  return wanted.find((each) => ["en", "nl", "fr"].includes(each)) || "en";
}
