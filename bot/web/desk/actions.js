/** What staff do with the open conversation besides writing: take, assign, hand back, ask, close, and their dialogs. */

import { of, post, send } from "./api.js";
import { dialog } from "./dialog.js";
import { button, field, h, select, toast } from "./dom.js";
import { momentOf } from "./format.js";
import { language, t } from "./strings.js";
import { load, words } from "./words.js";

/** The actions; `read()` reads the open conversation again. */
export function actionsOf({ context, state, read, staff, refresh }) {
  const { me } = context;
  const now = () => state.shown.conversation;
  const mine = () => now().mode === "human" && now().owner === me.username;
  const works = () => Boolean(state.shown) && context.may("work_on_claims");
  const may = {
    own: () => works() && mine(),
    take: () => works() && now().mode !== "human",
    close: () => works() && (mine() || (now().mode !== "human" && !now().closed_at)),
    assign: () => Boolean(state.shown) && context.may("read_figures"),
  };
  /** Does something and shows what became of it, also when somebody else was faster. */
  const act = async (what, body = {}, method = "POST") => {
    try {
      return await send(method, of(now().id, what), body);
    } finally {
      refresh();
    }
  };
  const trying = (work) => async (...given) => {
    try {
      await work(...given);
    } catch (refused) {
      toast(refused.words ?? t("error_unknown", { code: refused.message }), true);
    }
  };

  const take = trying(async () => {
    await act("take", { epoch: now().epoch });
    await read();
    document.querySelector('[data-testid="composer"]')?.focus();
  });
  const close = () => dialog(t("close_conversation"), [h("p", {}, t("close_hint"))], { words: t("close_conversation"), act: () => act("close") });
  const assign = async () => {
    const people = (await staff()).filter((each) => each.username !== now().owner);
    const chosen = select(people.map((each) => [each.username, `${each.name} · ${t(`state_${each.state}`)} · ${each.conversations}`]), people[0]?.username);
    dialog(t("assign"), [field(t("to_whom"), chosen)], { words: t("assign"), act: () => act("assign", { username: chosen.value }) });
  };
  const request = async () => {
    const spoken = (await load(now().language)).documents;
    const offered = spoken[state.shown.summary.incident] ?? spoken.other;
    const ticks = offered.map((each) => h("input", { type: "checkbox", value: each }));
    const other = h("input", { maxlength: 200 });
    const text = h("textarea", { rows: 2, maxlength: 1000, lang: now().language });
    const documents = () => [...ticks.filter((each) => each.checked).map((each) => each.value), other.value.trim()].filter(Boolean);
    const id = crypto.randomUUID();
    dialog(t("request_documents"), [
      h("fieldset", { lang: now().language }, h("legend", {}, t("which_documents")), ticks.map((each) => h("label", { class: "tick" }, each, h("span", {}, each.value)))),
      field(t("another_document"), other), field(t("words_for_customer"), text, t("words_for_customer_hint")),
    ], { words: t("ask"), act: () => act("requests", { client_id: id, documents: documents(), text: text.value }) });
  };
  const handBack = () => handBackDialog({ shown: state.shown, act });
  const feedback = (item) => {
    const intents = Object.entries(words(language()).intents).filter(([id]) => id !== "resume_after_person");
    const ranked = (item.understood.ranking ?? []).map((each) => each.intent);
    const chosen = select(intents.sort((one, other) => rank(ranked, one) - rank(ranked, other) || one[1].localeCompare(other[1])), item.feedback ?? item.understood.intent);
    const give = async () => {
      await post(`/messages/${item.row}/feedback`, { intent: chosen.value });
      toast(t("feedback_thanks"));
      await read();
    };
    dialog(t("feedback"), [h("blockquote", {}, item.text), field(t("meant"), chosen, t("feedback_hint"))], { words: t("save"), act: give });
  };
  const callback = () => {
    const kind = select([["phone", t("callback_phone")], ["mail", t("callback_mail")]], "phone");
    const contact = h("input", { maxlength: 500, required: true });
    const due = h("input", { type: "datetime-local" });
    const noted = () => act("callback", { kind: kind.value, contact: contact.value, due_at: due.value ? momentOf(due.value) : null });
    const box = dialog(t("callback"), [field(t("callback_how"), kind), field(t("callback_contact"), contact), field(t("callback_due"), due, t("belgian_time"))], { words: t("save"), act: noted });
    box.addEventListener("close", lookAway);
  };
  return {
    may, take, close, assign: trying(assign), request: trying(request), handBack, feedback, callback,
    done: trying((id) => (lookAway(), act("callback", { done: id }))),
    tags: (tags) => act("tags", { tags }, "PUT"),
    priority: trying((priority) => act("priority", { priority })),
  };
}

/** What has the focus is not made anew; what was just done there is to be seen. */
const lookAway = () => document.activeElement?.blur();

const rank = (ranked, [id]) => (ranked.includes(id) ? ranked.indexOf(id) : 99);

function handBackDialog({ shown, act }) {
  const { summary, messages } = shown;
  const said = messages.filter((each) => each.kind === "message" && each.author !== "system").at(-1);
  const open = said?.author === "customer";
  const target = (value, hint, checked) => h("label", { class: "tick big" }, h("input", { type: "radio", name: "target", value, checked }), h("span", {}, h("strong", {}, t(`back_to_${value}`)), h("span", { class: "soft" }, hint)));
  const targets = h("fieldset", {}, h("legend", {}, t("to_whom")), target("bot", t("back_to_bot_hint"), true), target("queue", t("back_to_queue_hint"), false));
  const again = h("input", { type: "checkbox", checked: open });
  const note = h("textarea", { rows: 2, maxlength: 4000 });
  const facts = h("div", { class: "facts" });
  const known = summary.in_intake ? (words(language()).questions[summary.incident] ?? words(language()).questions.other).filter((each) => !each.proof) : [];
  const ask = () => {
    const to = targets.querySelector(":checked").value;
    const answers = Object.fromEntries([...facts.children].map((row) => [row.firstElementChild.value, row.children[1].value.trim()]).filter(([, value]) => value));
    return act("release", to === "bot" ? { to, note: note.value, facts: answers, ask_again: again.checked } : { to, note: note.value });
  };
  dialog(t("hand_back"), [
    targets,
    open && h("label", { class: "tick" }, again, h("span", {}, t("ask_again"), " ", h("q", { class: "soft" }, said.text.slice(0, 120)))),
    known.length > 0 && h("fieldset", {}, h("legend", {}, t("facts")), h("p", { class: "soft" }, t("facts_hint")), facts, button(t("add_fact"), () => facts.append(factRow(known, summary)), { class: "button small" })),
    field(t("note_for_colleagues"), note),
  ], { words: t("hand_back"), act: ask });
}

function factRow(known, summary) {
  const question = select(known.map((each) => [each.id, each.label]), summary.asked_question, { "aria-label": t("question") });
  const row = h("div", { class: "fact" }, question);
  const shape = () => {
    const found = known.find((each) => each.id === question.value);
    const options = found.kind === "yes_no" ? { yes: t("yes"), no: t("no") } : found.options;
    const input = Object.keys(options).length ? select([["", "–"], ...Object.entries(options)], "") : h("input", { type: found.kind === "date" ? "date" : "text", maxlength: 200 });
    input.setAttribute("aria-label", found.label);
    row.replaceChildren(question, input);
  };
  question.addEventListener("change", shape);
  shape();
  return row;
}
