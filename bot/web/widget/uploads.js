/** The files a customer has chosen but not sent yet: uploaded one after the other, each with its state. */

import { newId } from "./outbox.js";

// The server has the last word; this spares a telephone the way there. Tests hold both against the settings.
export const LARGEST = 10 * 1024 * 1024;
export const MOST = 10;

/** Files with `state`: queued, uploading, ready, failed (may be tried again) or refused. */
export class Uploads {
  #chat;
  #changed;
  #files = [];
  #busy = false;

  constructor(chat, changed) {
    this.#chat = chat;
    this.#changed = changed;
    addEventListener("online", () => this.#files.filter((file) => file.state === "failed").forEach((file) => this.retry(file)));
  }

  get files() {
    return this.#files;
  }

  get ready() {
    return this.#files.filter(({ state }) => state === "ready");
  }

  /** Whether something is still on its way. */
  get underway() {
    return this.#files.some(({ state }) => state === "queued" || state === "uploading");
  }

  add(files) {
    for (const file of files) this.#files.push({ key: newId(), file, name: file.name, size: file.size, share: 0, ...this.#first(file) });
    this.#changed();
    this.#next();
  }

  /** Cancels an upload, or takes a file back that is already there. */
  remove(file) {
    this.#files = this.#files.filter((one) => one !== file);
    file.stop?.abort();
    if (file.id) this.#chat.takeBack(file.id);
    this.#changed();
  }

  retry(file) {
    Object.assign(file, { state: "queued", share: 0 });
    this.#changed();
    this.#next();
  }

  /** Hands over what is ready, for the message that carries it; what was refused goes too. */
  take() {
    const { ready } = this;
    this.#files = this.#files.filter(({ state }) => state === "failed");
    this.#changed();
    return ready.map(({ id, name, size, file }) => ({ id, name, type: file.type, size, state: "waiting" }));
  }

  #first({ size }) {
    if (this.#files.length >= MOST) return { state: "refused", why: "too_many_files" };
    if (!size) return { state: "refused", why: "file_empty" };
    return size > LARGEST ? { state: "refused", why: "too_large" } : { state: "queued" };
  }

  async #next() {
    const file = this.#files.find(({ state }) => state === "queued");
    if (this.#busy || !file) return;
    this.#busy = true;
    file.stop = new AbortController();
    file.state = "uploading";
    this.#changed();
    const progress = (share) => {
      file.share = share;
      this.#changed();
    };
    try {
      const { id } = await this.#chat.upload(file.file, file.key, progress, file.stop.signal);
      Object.assign(file, { state: "ready", id });
      // Cancelled at the very moment it arrived.
      if (!this.#files.includes(file)) this.#chat.takeBack(id);
    } catch (error) {
      Object.assign(file, { state: error.permanent ? "refused" : "failed", why: error.code, reason: error.reason });
    }
    this.#busy = false;
    this.#changed();
    this.#next();
  }
}
