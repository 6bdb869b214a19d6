/** What the widget remembers between pages: one small record per server, and nothing before the customer opens the chat. */

/** Values under one name in localStorage; where the browser forbids storage, they live as long as the page. */
export class Storage {
  #key;
  #memory = {};

  /** One store per origin of a server. */
  constructor(server) {
    this.#key = `cyber-care-chat:${server}`;
  }

  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`${this.#key}:${name}`) ?? "null") ?? this.#memory[name];
    } catch {
      return this.#memory[name];
    }
  }

  /** `undefined` forgets it. */
  set(name, value) {
    this.#memory[name] = value;
    try {
      if (value === undefined) localStorage.removeItem(`${this.#key}:${name}`);
      else localStorage.setItem(`${this.#key}:${name}`, JSON.stringify(value));
    } catch {
      // Private mode or a full store: the copy in memory serves this page.
    }
  }

  /** Calls back when another tab changed a value. */
  watch(callback, signal) {
    addEventListener("storage", (event) => {
      if (event.key?.startsWith(`${this.#key}:`)) callback(event.key.slice(this.#key.length + 1));
    }, { signal });
  }
}
