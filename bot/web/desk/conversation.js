/** The open conversation: who it is, what can be done with it, the transcript, and the field to write in. */

import { composerView } from "./composer.js";
import { button, h, icon, iconButton } from "./dom.js";
import { day, duration, since, when } from "./format.js";
import { t } from "./strings.js";
import { transcriptView } from "./transcript.js";

/** The middle of the console. */
export function conversationView({ context, actions, close, panel }) {
  const title = h("h1", { "data-testid": "title" });
  const standing = h("p", { class: "soft", "data-testid": "standing" });
  const buttons = h("div", { class: "actions", "data-testid": "actions" });
  const notice = h("p", { class: "notice", "data-testid": "window" });
  const bubble = h("p", { class: "typing", role: "status", "data-testid": "typing" });
  const transcript = transcriptView({ context, actions, insert: (text) => composer.insert(text) });
  const composer = composerView({ context, actions });
  const nothing = h("div", { class: "nothing" }, icon("messenger"), h("p", {}, t("nothing_open")), h("p", { class: "soft" }, t("nothing_open_hint")));
  const whole = h("div", { class: "talk-in", hidden: true },
    h("div", { class: "talk-head" }, iconButton("close", t("back_to_list"), close, { class: "icon-button back" }),
      h("div", { class: "grow" }, title, standing), buttons, iconButton("panel", t("details"), panel, { class: "icon-button show-panel" })),
    transcript.element, bubble, notice, composer.element);
  const element = h("section", { class: "talk", "aria-label": t("conversation") }, nothing, whole);
  let shown = null;
  let burst = 0;

  const show = (fresh) => {
    const other = shown?.conversation.id !== fresh.conversation.id;
    // Whoever wrote has sent it.
    if (other || shown.messages.length !== fresh.messages.length) bubble.textContent = "";
    shown = fresh;
    nothing.hidden = true;
    whole.hidden = false;
    head();
    transcript.show(fresh, other);
    composer.show(fresh, other);
  };
  const head = () => {
    const { conversation, summary } = shown;
    title.textContent = summary.name || summary.incident_name || t("conversation");
    standing.textContent = standingWords(conversation, context.me);
    const seal = JSON.stringify([conversation.mode, conversation.owner, conversation.closed_at]);
    // Made anew only when they change, so that focus stays on a button.
    if (buttons.dataset.seal !== seal) {
      buttons.dataset.seal = seal;
      buttons.replaceChildren(...actionButtons(actions));
    }
    notice.textContent = windowWords(shown.window, conversation.channel);
    notice.hidden = !notice.textContent;
    notice.classList.toggle("bad", shown.window.how === "closed");
  };
  const typing = ({ who, username, typing: on }, seconds) => {
    clearTimeout(burst);
    bubble.textContent = on ? t(who === "customer" ? "customer_types" : "colleague_types", { name: username ?? "" }) : "";
    if (on) burst = setTimeout(() => (bubble.textContent = ""), seconds * 1000);
  };
  return {
    element, show, typing,
    tick: () => shown && head(),
    leave: () => composer.leave(),
    clear: () => {
      shown = null;
      nothing.hidden = false;
      whole.hidden = true;
    },
    insert: (text) => composer.insert(text),
    write: (mode) => shown && composer.write(mode),
    canned: () => shown && composer.canned(),
  };
}

function actionButtons(actions) {
  const { may } = actions;
  return [
    may.take() && button(t("take"), actions.take, { class: "button primary", "data-testid": "take" }),
    may.own() && button(t("request_documents"), actions.request, { "data-testid": "request" }),
    may.own() && button(t("hand_back"), actions.handBack, { "data-testid": "hand-back" }),
    may.assign() && button(t("assign"), actions.assign, { "data-testid": "assign" }),
    may.close() && button(t("close_conversation"), actions.close, { "data-testid": "close" }),
  ].filter(Boolean);
}

function standingWords(conversation, me) {
  const where = `${t(`channel_${conversation.channel}`)} · ${conversation.language.toUpperCase()} · #${conversation.id.slice(-4)}`;
  if (conversation.mode === "waiting") return `${where} · ${t("waits_for", { time: since(conversation.waiting_since) })}`;
  if (conversation.mode === "human") return `${where} · ${conversation.owner === me.username ? t("with_you") : t("with", { name: conversation.owner_name ?? "?" })}`;
  return `${where} · ${t(conversation.closed_at ? "closed" : "with_assistant")}`;
}

function windowWords({ how, until }, channel) {
  if (how === "open") return "";
  if (!until) return t(`window_${how}`, { channel: t(`channel_${channel}`) });
  const left = (new Date(until) - Date.now()) / 1000;
  const moment = `${day(until, { weekday: "long" })} ${when(until)}`;
  return t(`window_${how}`, { channel: t(`channel_${channel}`), until: moment, left: duration(Math.max(0, left)) });
}
