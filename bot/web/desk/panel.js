/** What is known of the open conversation: the case, the claims, what the assistant made of it, tags, callbacks. */

import { claimView } from "./claim.js";
import { button, field, h, iconButton, select } from "./dom.js";
import { when } from "./format.js";
import { policyView } from "./policy.js";
import { language, t } from "./strings.js";
import { words } from "./words.js";

const PRIORITIES = ["urgent", "high", "normal", "low"];

/** The right column. */
export function panelView({ context, actions, hide }) {
  const body = h("div", { class: "panel-in" });
  const element = h("aside", { class: "panel", "aria-label": t("details") }, h("div", { class: "panel-head" }, iconButton("close", t("close"), hide)), body);
  const parts = new Map();
  let id = null;
  let latest = null;
  // Claims somebody opened from the policy, beside those of the conversation itself.
  let opened = [];
  // A part somebody is in is made anew when they leave it.
  let late = false;
  body.addEventListener("focusout", () => late && setTimeout(() => latest && ((late = false), show(latest))));

  const show = (shown) => {
    if (id !== shown.conversation.id) {
      id = shown.conversation.id;
      opened = [];
      parts.clear();
      body.replaceChildren();
    }
    latest = shown;
    const wanted = new Set();
    const { summary } = shown;
    const version = shown.messages.filter((each) => each.author === "system").length;
    const part = (name, title, data, make) => {
      wanted.add(name);
      section(name, title, data, make, [...wanted].at(-2));
    };
    part("case", t("case"), summary, caseRows);
    if (summary.identified && summary.policy) {
      part("policy", t("policy"), [summary.policy, summary.finding, summary.incident, shown.claims, version], () => policyView(id, openClaim));
    }
    part("handling", t("handling"), [shown.tags, shown.conversation.priority, shown.callbacks], ([tags, priority, callbacks]) => handling(tags, priority, callbacks));
    for (const reference of new Set([...shown.claims, ...opened])) part(`claim ${reference}`, `${t("claim")} ${reference}`, [reference, version], () => claimView(reference, context));
    part("assistant", t("assistant_view"), [shown.understood, summary], ([understood]) => assistant(understood));
    part("history", t("history"), [shown.conversation, shown.handovers], ([conversation, handovers]) => history(conversation, handovers));
    for (const [name, { element: gone }] of parts) if (!wanted.has(name)) parts.delete(name), gone.remove();
  };
  /** A section below the one named `above`, made anew only when what it shows changed. */
  const section = (name, title, data, make, above) => {
    const seal = JSON.stringify(data);
    const before = parts.get(name);
    if (before?.seal === seal) return;
    if (before?.element.contains(document.activeElement)) return void (late = true);
    const open = before ? before.element.open : !["assistant", "history"].includes(name);
    const fresh = h("details", { open, class: "part", "data-testid": `part-${name.split(" ")[0]}` }, h("summary", {}, h("h2", {}, title)), make(data));
    if (before) before.element.replaceWith(fresh);
    else if (above) parts.get(above).element.after(fresh);
    else body.append(fresh);
    parts.set(name, { element: fresh, seal });
  };
  const openClaim = (reference) => {
    opened.push(reference);
    show(latest);
    const { element: claim } = parts.get(`claim ${reference}`);
    claim.open = true;
    claim.scrollIntoView({ block: "start" });
    claim.firstElementChild.focus();
  };
  const handling = (tags, priority, callbacks) => {
    const works = context.may("work_on_claims");
    const urgency = select(PRIORITIES.map((each) => [each, t(`priority_${each}`)]), priority ?? "normal", { disabled: !works, "data-testid": "priority", change: (event) => actions.priority(event.target.value) });
    return h("div", {}, field(t("priority"), urgency), tagsView(tags, works, actions),
      callbacks.map((each) => callbackView(each, works, actions)), works && button(t("callback"), actions.callback, { class: "button small" }));
  };
  return { element, show, clear: () => ((id = latest = null), parts.clear(), body.replaceChildren()) };
}

function rows(pairs) {
  const known = pairs.filter(([, value]) => value != null && value !== "");
  return known.length > 0 && h("dl", { class: "pairs" }, known.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function caseRows(summary) {
  const finding = summary.finding?.finding ?? summary.finding;
  return h("div", {},
    summary.distressed && h("p", { class: "notice bad" }, t("distressed")),
    rows([[t("reason"), t(`reason_${summary.reason}`) || summary.reason], [t("incident"), summary.incident_name], [t("customer"), summary.name],
      [t("policy"), summary.policy], [t("identified"), t(summary.identified ? "yes" : "no")], [t("finding"), typeof finding === "string" ? t(`finding_${finding}`) || finding : null],
      [t("asked"), summary.asked]]),
    summary.answers.length > 0 && h("h3", {}, t("answers")), rows(summary.answers.map((each) => [each.label, each.value])),
    summary.left_open.length > 0 && h("p", { class: "soft" }, `${t("left_open")}: ${summary.left_open.join(", ")}`));
}

function tagsView(tags, works, actions) {
  const problem = h("p", { class: "problem", role: "alert" });
  const set = async (wanted) => {
    try {
      await actions.tags(wanted);
    } catch (refused) {
      problem.textContent = refused.words;
    }
  };
  const input = h("input", { maxlength: 30, "data-testid": "tag" });
  const add = async (event) => {
    event.preventDefault();
    const tag = input.value.trim();
    if (!tag) return;
    // What is taken makes this field anew; what is refused stays in it.
    input.blur();
    await set([...tags, tag]);
  };
  const shown = tags.map((tag) => h("li", { class: "chip tag" }, tag, works && h("button", { type: "button", "aria-label": t("remove_tag", { tag }), click: (event) => (event.target.blur(), set(tags.filter((each) => each !== tag))) }, "×")));
  return h("div", { class: "field" }, h("span", { class: "label", id: "tags" }, t("tags")), h("ul", { class: "tag-list", "aria-labelledby": "tags" }, shown),
    works && h("form", { class: "inline", submit: add }, field(t("add_tag"), input), h("button", { class: "button small" }, t("add"))), problem);
}

function callbackView(each, works, actions) {
  const due = each.due_at ? ` · ${when(each.due_at)}` : "";
  return h("div", { class: each.done_at ? "callback done" : "callback" }, h("strong", {}, t(`callback_${each.kind}`)), h("span", { class: "grow" }, each.contact, due),
    each.done_at ? h("span", { class: "soft" }, t("done")) : works && button(t("done"), () => actions.done(each.id), { class: "button small" }));
}

function assistant(understood) {
  if (!understood) return h("p", { class: "soft" }, t("nothing_understood"));
  const names = words(language()).intents;
  const meanings = understood.ranking.map((each) => {
    const share = Math.round(each.confidence * 100);
    return h("li", {}, h("span", {}, names[each.intent] ?? each.intent), h("meter", { min: 0, max: 100, value: share, "aria-label": names[each.intent] ?? each.intent }), h("span", { class: "soft" }, `${share} %`));
  });
  return h("div", {}, h("h3", {}, t("last_meaning")), h("ol", { class: "meanings" }, meanings),
    understood.unsure && h("p", { class: "soft" }, t("unsure")),
    understood.entities.length > 0 && h("h3", {}, t("entities")), rows(understood.entities.map((each) => [each.entity, each.value ?? "•••"])));
}

function history(conversation, handovers) {
  return h("div", {}, rows([[t("began"), when(conversation.created_at)], [t("page"), conversation.page],
    [t("rating"), conversation.rating && `${"★".repeat(conversation.rating)}${"☆".repeat(5 - conversation.rating)}${conversation.rating_reason ? ` · ${conversation.rating_reason}` : ""}`]]),
    rows(handovers.map((each) => [when(each.at), t(`reason_${each.reason}`) || each.reason])));
}
