/** Introduces the customer of a host page that knows who is logged in, once for each conversation. */

/** Holds the signed identity in memory only; what is kept is a short fingerprint of whose it was. */
export class Whoami {
  #storage;
  #send;
  #another;
  #token = "";
  #introduced = "";

  /** send(token): hands it to the server; another(): somebody else's conversation is on screen and has to go. */
  constructor(storage, send, another) {
    this.#storage = storage;
    this.#send = send;
    this.#another = another;
  }

  /** Takes a token; it is used when there is a conversation. */
  give(token) {
    this.#token = String(token ?? "");
    const known = this.#storage.get("session")?.who;
    if (known && known !== fingerprint(this.#token)) this.#another();
  }

  async introduce() {
    const token = this.#token;
    const session = this.#storage.get("session");
    const who = fingerprint(token);
    const both = `${session?.conversation} ${who}`;
    if (!token || !session || session.who === who || this.#introduced === both) return;
    this.#token = "";
    this.#introduced = both;
    try {
      await this.#send(token);
      this.#storage.set("session", { ...this.#storage.get("session"), who });
    } catch (error) {
      this.#introduced = "";
      // A line that broke: the token is tried again with the next one. A token that is refused is not.
      if (!error.status) this.#token = token;
      else console.warn(`The Cyber Care chat did not accept the identity (${error.code}).`);
    }
  }
}

/** Tells one subject from another without keeping it: four bytes of FNV-1a. */
function fingerprint(token) {
  let subject = token;
  try {
    subject = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).sub;
  } catch {
    // Not readable here: the server decides, and the token stands for itself.
  }
  let hash = 0x811c9dc5;
  for (const letter of String(subject)) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193);
  return (hash >>> 0).toString(36);
}
