/** What was said, noted and done, in one line of time. */

import { button, h, icon, keep, linked, quiet } from "./dom.js";
import { day, dayOf, size, when } from "./format.js";
import { language, t } from "./strings.js";
import { openFile } from "./uploads.js";
import { words } from "./words.js";

/** The transcript; `insert` puts text into the answer. */
export function transcriptView({ context, actions, insert }) {
  const list = h("ol", { class: "lines", "data-testid": "lines" });
  const element = h("div", { class: "transcript", role: "log", "aria-label": t("transcript"), tabindex: "0" }, list);

  const show = ({ conversation, messages }, other) => {
    const low = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
    if (other) list.replaceChildren();
    keep(list, withDays(marked(messages)), keyOf, (item) => line(item, conversation));
    if (low || other) element.scrollTop = element.scrollHeight;
  };
  const line = (item, conversation) => {
    if (item.kind === "day") return h("li", { class: "day" }, h("span", {}, day(item.at, { weekday: "long", day: "numeric", month: "long" })));
    if (item.kind === "event") return h("li", { class: `event ${item.event}`, "data-testid": "event", "data-event": item.event }, h("span", {}, eventWords(item)), " ", time(item));
    if (item.kind === "note") return note(item);
    return item.kind === "draft" ? draft(item) : said(item, conversation);
  };
  const draft = (item) => h("li", { class: "said draft", "data-testid": "line", "data-kind": "draft" },
    h("div", { class: "bubble" }, h("p", { class: "by" }, icon("doubt"), t("draft_of_assistant")), text(item),
      context.may("work_on_claims") && button(t("insert"), () => insert(item.text), { class: "button small", "data-testid": "insert" })), foot(item));
  const said = (item, conversation) => h("li", { class: `said ${item.author}`, "data-testid": "line", "data-kind": "message", "data-author": item.author },
    h("div", { class: "bubble" }, quiet(`${author(item)}: `), text(item), files(item, conversation), card(item)), failed(item),
    foot(item, item.author === "customer" ? understood(item) : came(item)));
  const understood = (item) => {
    if (!item.understood?.intent || item.pressed) return null;
    const name = words(language()).intents[item.feedback ?? item.understood.intent] ?? item.understood.intent;
    const sure = `${Math.round(item.understood.confidence * 100)} %`;
    const shown = item.feedback ? t("corrected_to", { name }) : `${name} · ${sure}`;
    const looks = `intent${item.understood.unsure ? " unsure" : ""}${item.feedback ? " corrected" : ""}`;
    if (!context.may("work_on_claims")) return h("span", { class: looks }, shown);
    return h("button", { type: "button", class: looks, title: t("feedback"), "data-focus": "intent", "data-testid": "intent", click: () => actions.feedback(item) },
      quiet(`${t("understood_as")} `), shown);
  };
  return { element, show };
}

const keyOf = (item) => `${item.kind}:${item.row ?? item.id ?? item.at}`;

function withDays(messages) {
  let last = "";
  return messages.flatMap((item) => {
    const today = dayOf(item.at);
    const fresh = today !== last;
    last = today;
    return fresh ? [{ kind: "day", at: today }, item] : [item];
  });
}

/** Only the last message of staff that came so far says so; one that failed always does. */
function marked(messages) {
  let after = null;
  return messages.reduceRight((all, item) => {
    const state = item.author === "staff" ? item.delivery?.state : null;
    const silent = !item.delivery || (!isLost(item.delivery) && state === after);
    after = state ?? after;
    return [silent ? { ...item, delivery: null } : item, ...all];
  }, []);
}

/** It never arrived, or waits for a customer whom nobody could ask to write. */
function isLost(delivery) {
  return Boolean(delivery?.error);
}

function came({ delivery }) {
  if (!delivery || isLost(delivery)) return null;
  return h("span", { class: "delivery", "data-testid": "delivery", "data-state": delivery.state }, t(`delivery_${delivery.state}`));
}

/** Loud, with what to do now. */
function failed({ delivery }) {
  if (!isLost(delivery)) return null;
  return h("p", { class: "notice bad undelivered", "data-testid": "delivery", "data-state": delivery.state }, icon("cross"),
    h("span", {}, h("strong", {}, `${t("delivery_failed")} `), whyUndelivered(delivery.error)));
}

/** Why something did not arrive, and what to do. */
export function whyUndelivered(error) {
  return t(`undelivered_${error}`) || t("undelivered_refused");
}

function author(item) {
  return item.author === "staff" ? item.staff_name || t("by_staff") : t(`by_${item.author}`);
}

function time(item) {
  return h("time", { datetime: item.at }, when(item.at));
}

function foot(item, more = null) {
  return h("p", { class: "foot" }, item.kind === "message" && h("span", {}, author(item)), time(item), more);
}

function text(item) {
  return item.text ? h("p", { class: "text" }, linked(item.text)) : null;
}

function note(item) {
  return h("li", { class: "said note", "data-testid": "line", "data-kind": "note" },
    h("div", { class: "bubble" }, h("p", { class: "by" }, icon("note"), t("private_note")), text(item)),
    h("p", { class: "foot" }, h("span", {}, item.staff_name), time(item)));
}

function files(item, conversation) {
  if (!item.attachments.length) return null;
  return h("ul", { class: "files" }, item.attachments.map((file) => h("li", {}, icon("file"), fileName(file, conversation),
    h("span", { class: "soft" }, `${size(file.size ?? 0)} · ${t(`file_${file.state}`) || file.state}`))));
}

/** What staff gave can be opened here; what a customer gave is with the claims. */
function fileName(file, conversation) {
  if (file.state !== "given") return h("span", { class: "grow" }, file.name);
  return h("button", { type: "button", class: "link grow", title: t("open_file"), "data-focus": file.id, "data-testid": "open-file",
    click: () => openFile(conversation.id, file) }, file.name);
}

function card(item) {
  const shown = item.card;
  const buttons = item.buttons.length > 0 && h("p", { class: "offered" }, `${t("offered")}: ${item.buttons.map((each) => each.title).join(" · ")}`);
  if (!shown) return buttons || null;
  const list = (tag, lines) => lines?.length > 0 && h(tag, {}, lines.map((each) => h("li", {}, each)));
  const parts = [shown.title && h("p", { class: "card-title" }, shown.title), list("ol", shown.steps), list("ul", shown.points),
    shown.rows?.length > 0 && h("dl", {}, shown.rows.map((row) => h("div", {}, h("dt", {}, row.label), h("dd", {}, row.value)))),
    list("ul", shown.helplines?.map((each) => [each.name ?? each.label, each.number ?? each.email ?? each.web].filter(Boolean).join(": "))),
    shown.input === "files" && h("p", { class: "soft" }, t("upload_card")), buttons].filter(Boolean);
  // A card that only asks for a date or an amount shows nothing here.
  return parts.length > 0 && h("div", { class: "card-in" }, parts);
}

function eventWords({ event, staff_name: name, data }) {
  const values = { name: name ?? data.name ?? "", to: data.to_name ?? data.to ?? "", reason: t(`reason_${data.reason}`) || data.reason || "" };
  if (event === "released") return t(data.to === "queue" ? "event_released_queue" : "event_released_bot", values);
  if (event === "priority") values.to = t(`priority_${data.to}`);
  return t(`event_${event}${name || event === "queued" ? "" : "_alone"}`, values) || t(`event_${event}`, values) || event;
}
