/** The console: the queue, the open conversation and what is known of it, kept up to date by the event stream. */

import { actionsOf } from "./actions.js";
import { alertsOf } from "./alerts.js";
import { get, of, post } from "./api.js";
import { conversationView } from "./conversation.js";
import { h, toast } from "./dom.js";
import { showCount } from "./notify.js";
import { panelView } from "./panel.js";
import { queueView } from "./queue.js";
import { listen } from "./shortcuts.js";
import { follow, gently } from "./stream.js";
import { language, t } from "./strings.js";

const TICK = 15_000;
const TYPING_SECONDS = 8;

/** Shows the console in `main`; returns what ends it. */
export function console_(main, context, top) {
  const state = { open: null, shown: null, claims: new Map() };
  let ended = false;
  let reading = Promise.resolve();

  const read = async () => {
    const wanted = state.open;
    if (!wanted) return;
    const shown = await get(`${of(wanted)}?language=${language()}`);
    if (ended || state.open !== wanted) return;
    state.shown = shown;
    talk.show(shown);
    panel.show(shown);
    touchable(true);
    see();
  };
  // What stands there of the conversation before cannot be pressed for the next one.
  const touchable = (on) => [talk, panel].forEach(({ element }) => (element.inert = !on));
  const see = () => {
    const { conversation, messages } = state.shown;
    const last = Math.max(0, ...messages.map((each) => each.seq ?? 0));
    const mine = conversation.mode === "human" && conversation.owner === context.me.username;
    if (mine && !document.hidden && last > conversation.seen_seq) post(of(conversation.id, "seen"), { seq: last }).catch(() => {});
  };
  const quietly = (work) => () => work().catch((refused) => refused.status === 404 && close());
  const readSoon = gently(quietly(read), 80);
  const listSoon = gently(quietly(() => queue.load()), 250);
  const staffSoon = gently(quietly(() => top.staff()), 250);
  const alertSoon = gently(quietly(alertsOf({ looksAt: (id) => id === state.open && !document.hidden, open: (id) => open(id) })), 250);

  const open = async (id) => {
    if (state.open !== id) {
      talk.leave();
      touchable(false);
      state.shown = null;
      // A notification can lead elsewhere while a dialog asks about the conversation before.
      document.querySelectorAll("dialog[open]").forEach((box) => box.close());
    }
    state.open = id;
    history.replaceState(null, "", `#${id}`);
    queue.mark(id);
    layout.classList.add("opened");
    reading = read().catch((refused) => {
      toast(refused.words ?? t("error_unknown", { code: refused.message }), true);
      close();
    });
    await reading;
  };
  // Keys are faster than the line: what is pressed meanwhile is for the conversation that comes.
  const once = (may, act) => () => reading.then(() => may() && act());
  const close = () => {
    talk.leave();
    touchable(true);
    state.open = state.shown = null;
    history.replaceState(null, "", location.pathname);
    queue.mark(null);
    layout.classList.remove("opened", "with-panel");
    talk.clear();
    panel.clear();
  };
  const actions = actionsOf({ context, state, read, staff: () => top.staff(), refresh: () => (readSoon(), listSoon()) });
  const queue = queueView({ open });
  const talk = conversationView({ context, actions, close, panel: () => layout.classList.toggle("with-panel") });
  const panel = panelView({ context, actions, insert: (text) => talk.insert(text), hide: () => layout.classList.remove("with-panel") });
  const layout = h("div", { class: "console" }, queue.element, talk.element, panel.element);
  main.append(layout);

  const heard = (kind, data) => {
    if (kind === "signed_out") return context.again();
    if (kind === "presence") staffSoon();
    if (kind === "typing") {
      if (data.conversation === state.open && data.username !== context.me.username) talk.typing(data, TYPING_SECONDS);
      return;
    }
    if (kind === "delivery" && data.state !== "failed") {
      if (data.conversation === state.open) readSoon();
      return;
    }
    if (kind !== "presence") {
      listSoon();
      alertSoon();
    }
    if (!data.conversation || data.conversation === state.open) readSoon();
  };
  const seen = () => !document.hidden && readSoon();
  let lost = false;
  const line = (on) => {
    top.line(on);
    // What was asked for while the line was down was not answered, and no event will ask again.
    if (on && lost) [readSoon, listSoon, alertSoon].forEach((each) => each());
    lost = !on;
  };

  const stops = [
    follow(heard, line),
    listen({
      j: () => queue.step(1), k: () => queue.step(-1), f: () => queue.search(), p: () => layout.classList.toggle("with-panel"),
      1: () => queue.choose("waiting"), 2: () => queue.choose("mine"), 3: () => queue.choose("all"), 4: () => queue.choose("closed"),
      r: () => talk.write("reply"), n: () => talk.write("note"), "/": () => talk.canned(),
      t: once(actions.may.take, actions.take), h: once(actions.may.own, actions.handBack), d: once(actions.may.own, actions.request),
      a: once(actions.may.assign, actions.assign), c: once(actions.may.close, actions.close),
    }),
  ];
  const timer = setInterval(() => (queue.tick(), talk.tick()), TICK);
  document.addEventListener("visibilitychange", seen);

  queue.counted = (counts) => showCount(counts.waiting, t("title"));
  queue.load().then(() => location.hash.length > 1 && open(decodeURIComponent(location.hash.slice(1)))).catch((refused) => toast(refused.words, true));
  return () => {
    ended = true;
    talk.leave();
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seen);
    stops.forEach((stop) => stop());
  };
}
