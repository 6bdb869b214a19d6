/** What the library calls incidents, questions, reasons and meanings, in the language of the reader or a customer. */

const loaded = new Map();

/** Loads the words of a language, once. */
export async function load(language) {
  if (!loaded.has(language)) {
    const answer = await fetch(new URL(`words/${language}.json`, import.meta.url));
    if (!answer.ok) throw new Error(`no words in ${language}`);
    loaded.set(language, await answer.json());
  }
  return loaded.get(language);
}

/** The words of a language that was loaded. */
export const words = (language) => loaded.get(language);
