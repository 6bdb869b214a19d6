/** The list of conversations: views, filters, search, and how long somebody waits. */

import { get } from "./api.js";
import { h, icon, keep, quiet, select } from "./dom.js";
import { since } from "./format.js";
import { LANGUAGES, language, t } from "./strings.js";
import { whyUndelivered } from "./transcript.js";
import { words } from "./words.js";

const VIEWS = ["waiting", "mine", "all", "closed"];
const CHANNELS = { web: "Web", messenger: "Messenger", whatsapp: "WhatsApp" };
const PRIORITIES = ["urgent", "high", "normal", "low"];

/** The list; `open(id)` shows a conversation. */
export function queueView({ open }) {
  const state = { view: "waiting", rows: [], next: null, current: null };
  const filters = { language: "", channel: "", priority: "", q: "" };
  const list = h("ul", { class: "rows", "data-testid": "rows" });
  const empty = h("p", { class: "empty", role: "status" });
  const more = h("button", { type: "button", class: "button more", hidden: true, click: () => load(true) }, t("more"));
  const tabs = VIEWS.map((view) => h("button", { type: "button", "aria-pressed": view === state.view, "data-testid": `view-${view}`, click: () => choose(view) },
    t(`view_${view}`), h("span", { class: "count" })));
  let typed = 0;
  const search = h("input", { type: "search", placeholder: t("search_hint"), "aria-label": t("search"), maxlength: 100, "data-testid": "search", input: () => {
    clearTimeout(typed);
    typed = setTimeout(() => filter("q", search.value.trim()), 300);
  } });
  const chosen = (name, choices) => select([["", t(name)], ...choices], "", { "aria-label": t(name), change: (event) => filter(name, event.target.value) });
  const element = h("section", { class: "queue", "aria-label": t("page_conversations") },
    h("div", { class: "tabs", role: "group", "aria-label": t("view") }, tabs),
    h("div", { class: "search" }, icon("search"), search),
    h("div", { class: "filters" },
      chosen("priority", PRIORITIES.map((each) => [each, t(`priority_${each}`)])),
      chosen("language", Object.entries(LANGUAGES)),
      chosen("channel", Object.entries(CHANNELS))),
    list, empty, more);

  const filter = (name, value) => {
    filters[name] = value;
    load();
  };
  const choose = (view) => {
    state.view = view;
    VIEWS.forEach((each, place) => tabs[place].setAttribute("aria-pressed", String(each === view)));
    return load();
  };
  const load = async (further = false) => {
    const view = state.view;
    const asked = new URLSearchParams({ view, ...filters, after: further ? state.next : "" });
    const found = await get(`/conversations?${asked}`);
    if (view !== state.view) return;
    state.rows = further ? [...state.rows, ...found.conversations] : found.conversations;
    state.next = found.next;
    more.hidden = !found.next;
    ["waiting", "mine"].forEach((each, place) => (tabs[place].lastChild.textContent = found.counts[each] || ""));
    api.counted(found.counts);
    show();
  };
  const show = () => {
    keep(list, state.rows, (row) => row.id, (row) => line(row, open));
    empty.textContent = state.rows.length ? "" : t(Object.values(filters).some(Boolean) ? "nothing_found" : `empty_${state.view}`);
    mark(state.current);
    tick();
  };
  const mark = (id) => {
    state.current = id;
    for (const row of list.children) row.firstElementChild.setAttribute("aria-current", String(row.dataset.key === id));
  };
  const tick = () => list.querySelectorAll("time").forEach((time) => (time.textContent = since(time.dateTime)));
  const step = (by) => {
    const place = state.rows.findIndex((row) => row.id === state.current);
    const row = state.rows[place < 0 ? 0 : Math.min(state.rows.length - 1, Math.max(0, place + by))];
    if (!row) return;
    open(row.id);
    list.querySelector(`[aria-current="true"]`)?.focus();
  };
  const api = {
    element, load, mark, tick, step, choose, counted: () => {},
    search: () => search.focus(),
  };
  return api;
}

function line(row, open) {
  const waits = row.mode === "waiting" && row.waiting_since;
  const title = words(language()).incidents[row.incident] ?? (t(`reason_${row.reason}`) || t("conversation"));
  return h("li", {}, h("button", { type: "button", class: "row", "data-focus": "row", "data-testid": "row", "data-level": row.level, click: () => open(row.id) },
    h("span", { class: "row-head" }, h("span", { class: "channel" }, icon(row.channel), quiet(CHANNELS[row.channel])),
      h("strong", {}, title), h("span", { class: "tail" }, `#${row.id.slice(-4)}`),
      row.unread > 0 && h("span", { class: "badge" }, row.unread, quiet(` ${t("unread")}`))),
    h("span", { class: "row-said" }, h("span", { class: "row-text", "data-testid": "last-words" }, lastWords(row)),
      row.last_said_at && h("time", { class: "soft", datetime: row.last_said_at })),
    h("span", { class: "row-foot" },
      waits && h("span", { class: `chip level-${row.level}` }, row.level !== "ok" && `${t(`level_${row.level}`)} · `, `${t("waits")} `, h("time", { datetime: row.waiting_since })),
      row.undelivered && h("span", { class: "chip bad", "data-testid": "undelivered", title: `${t("delivery_failed")} ${whyUndelivered(row.undelivered)}` }, icon("cross"), t("delivery_failed_short")),
      row.priority && row.priority !== "normal" && h("span", { class: `chip priority-${row.priority}` }, t(`priority_${row.priority}`)),
      h("span", { class: "chip" }, row.language.toUpperCase()),
      row.mode === "human" && h("span", { class: "chip owner" }, row.owner_name),
      row.claim && h("span", { class: "chip" }, row.claim),
      row.window.how === "closed" && h("span", { class: "chip bad" }, t("window_closed_short")),
      row.tags.map((tag) => h("span", { class: "chip tag" }, tag)))));
}

/** The customer's own words; who spoke, if the customer never did. */
function lastWords(row) {
  if (row.last_by === "customer") return row.last_text || "…";
  return row.last_by ? `… ${t("said_nothing", { name: t(`by_${row.last_by}`) })}` : "…";
}
