/** What is new where nobody looks: somebody waits for a person, or a customer wrote to this member of staff. */

import { get } from "./api.js";
import { notify } from "./notify.js";
import { t } from "./strings.js";

/**
 * Returns a function that looks for news, whatever list is on the screen. Its first look tells of nothing.
 *
 * `looksAt(id)` says whether a conversation is on the screen, `open(id)` puts it there.
 */
export function alertsOf({ looksAt, open }) {
  let known = null;

  return async () => {
    const { conversations: waiting, counts } = await get("/conversations?view=waiting");
    const mine = counts.mine ? (await get("/conversations?view=mine")).conversations : [];
    const before = known;
    known = { waiting: new Set(waiting.map((row) => row.id)), unread: new Map(mine.map((row) => [row.id, row.unread])), lost: new Set(mine.filter((row) => row.undelivered).map((row) => row.id)) };
    if (!before) return;
    for (const { id, reason } of waiting) {
      if (!before.waiting.has(id) && !looksAt(id)) notify(t("notify_waiting"), t(`reason_${reason}`) || "", id, open);
    }
    for (const id of known.lost) {
      if (!before.lost.has(id) && !looksAt(id)) notify(t("notify_undelivered"), "", id, open);
    }
    for (const { id, unread } of mine) {
      if (unread > (before.unread.get(id) ?? 0) && !looksAt(id)) notify(t("notify_message"), "", id, open);
    }
  };
}
