/** The conversation as the customer sees it: the server's messages in order, then what is still on its way. */

/**
 * Merges what comes from the stream, from polling and from the customer, each message once. An entry is a message with
 * a lasting `key`; while the server has it not, with `state` (sending, waiting, failed) in place of `seq`.
 */
export class Timeline {
  #sent = new Map();
  #pending = new Map();
  #titles = new Map();

  /** The last sequence number received, from which to go on. */
  cursor = 0;

  /** In the order to show. */
  get entries() {
    const all = [...this.#sent.values(), ...this.#pending.values()];
    return all.sort((one, other) => place(one) - place(other) || 0);
  }

  /** Takes messages as the server gives them. Returns those that are new and not the customer's own. */
  merge(messages) {
    const fresh = [];
    for (const message of messages) {
      this.cursor = Math.max(this.cursor, message.seq);
      const id = message.client_id;
      if (id) this.#pending.delete(id);
      const before = this.#sent.get(message.seq);
      const text = shownText(message, before?.text ?? this.#titles.get(id));
      this.#sent.set(message.seq, { ...message, text, key: before?.key ?? id ?? `seq-${message.seq}` });
      if (!before && message.author !== "customer") fresh.push(this.#sent.get(message.seq));
    }
    return fresh;
  }

  /** Shows a message of the customer that is not accepted yet. */
  pending(item, state) {
    const { client_id: key, text, at, attachments, reason, after } = item;
    if ([...this.#sent.values()].some((entry) => entry.key === key)) return;
    this.#titles.set(key, text);
    this.#pending.set(key, { key, author: "customer", text, at, attachments, state, reason, after });
  }

  /** Takes news of a file: kept, or refused and why. True if it changes anything. */
  attachment({ seq, id, state, error }) {
    const file = this.#sent.get(seq)?.attachments?.find((one) => one.id === id);
    return Boolean(file && file.state !== state && Object.assign(file, { state, error }));
  }

  /** Takes a message off that the server refused and the customer gave up. */
  drop(key) {
    this.#pending.delete(key);
  }

  /** Gives a message the place the server gave it. The cursor stays: what came before it may still be on its way. */
  accepted(item, { seq, at }) {
    this.#pending.delete(item.client_id);
    if (!this.#sent.has(seq)) {
      const { client_id: key, text, attachments } = item;
      this.#sent.set(seq, { key, author: "customer", text, attachments, at: at ?? item.at, seq });
    }
  }

  /** Puts a word of the widget's own at the very top. */
  notice(text) {
    this.#sent.set(0, { key: "notice", author: "system", text, at: new Date().toISOString(), seq: 0 });
  }

  /** Empties it for a new conversation. */
  clear() {
    this.#sent.clear();
    this.#pending.clear();
    this.cursor = 0;
  }
}

/** On its way: at the end. Refused: where it was written, so that the conversation can go on below it. */
function place({ seq, state, after }) {
  if (seq !== undefined) return seq;
  return state === "failed" ? (after ?? 0) + 0.5 : Number.MAX_SAFE_INTEGER;
}

/** The title of the button the customer pressed, should the server tell the bare payload. */
function shownText({ text, author }, title) {
  const told = text ?? "";
  return author === "customer" && title && (!told || told.startsWith("/")) ? title : told;
}

/** What has been said since the customer last spoke. */
export function currentTurn(entries) {
  return entries.slice(entries.findLastIndex((entry) => entry.author === "customer" && entry.state !== "failed") + 1);
}

/** The choices that are open now: those of the last message of this turn that has any. */
export function openChoices(entries) {
  return currentTurn(entries).findLast((entry) => entry.buttons?.length)?.buttons ?? [];
}

/** How many messages the customer has not seen. */
export function unreadCount(entries, lastSeq) {
  return entries.filter((entry) => entry.seq > lastSeq && entry.author !== "customer").length;
}
