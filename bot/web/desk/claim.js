/** A claim beside the conversation: where it stands, why it looks covered or not, its evidence, its next step. */

import { get, post } from "./api.js";
import { dialog } from "./dialog.js";
import { button, field, h, icon, quiet } from "./dom.js";
import { day, euros, size, when } from "./format.js";
import { stepsFrom } from "./steps.js";
import { language, t } from "./strings.js";
import { words } from "./words.js";

const SIGNS = { supports: "check", doubt: "doubt", against: "cross" };
const PICTURES = ["image/jpeg", "image/png", "image/webp"];

/** The claim, which is loaded by itself. */
export function claimView(reference, context) {
  const body = h("div", { class: "claim", "data-testid": "claim" }, h("p", { class: "soft" }, t("loading")));
  const load = async () => {
    try {
      const claim = await get(`/claims/${reference}`);
      body.replaceChildren(...shown(claim, context, load));
      body.append(await evidence(reference, context));
    } catch (refused) {
      body.replaceChildren(h("p", { class: "problem" }, refused.words ?? t("error_unknown", { code: refused.message })));
    }
  };
  load();
  return body;
}

function shown(claim, context, load) {
  const finding = claim.latest ?? claim.at_submission;
  const labels = new Map((words(language()).questions[claim.incident] ?? []).map((each) => [each.id, each]));
  const said = ([id, value]) => [labels.get(id)?.label ?? id, labels.get(id)?.options[value] ?? (["yes", "no"].includes(value) ? t(value) : value)];
  const payout = claim.payout && `${day(claim.payout.due_on)}${claim.payout.overdue ? ` · ${t("overdue")}` : ""}`;
  return [
    h("p", { class: "status" }, h("span", { class: `chip status-${claim.status}`, "data-testid": "claim-status" }, t(`status_${claim.status}`))),
    pairs([[t("policy"), claim.policy_reference], [t("incident"), words(language()).incidents[claim.incident] ?? claim.incident], [t("submitted"), when(claim.submitted_at)],
      [t("handler"), claim.handler], [t("payout_due"), payout], [t("approved"), claim.approved_amount && euros(claim.approved_amount)], [t("paid"), claim.paid_amount && euros(claim.paid_amount)],
      [t("duplicates"), claim.duplicates.join(", ")]]),
    stepButtons(claim, context, load),
    h("h3", {}, `${t("finding")}: ${t(`finding_${finding.finding}`)}`), reasons(finding),
    h("details", {}, h("summary", {}, t("answers")), pairs(Object.entries({ ...claim.answers, ...claim.assessment }).map(said))),
    h("details", {}, h("summary", {}, t("history")), pairs(claim.versions.map((each) => [when(each.at), `${t(`change_${each.change}`) || each.change} · ${t(`status_${each.status}`)} · ${each.actor.replace(/^\w+:/, "")}${each.reason ? `: ${each.reason}` : ""}`]))),
  ];
}

/** Names and values, without those that have none. */
export function pairs(all) {
  return h("dl", { class: "pairs" }, all.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** The reasons of a finding in words, each with the line it rests on. */
export function reasons(finding) {
  const left = finding.limits.find((each) => each.left)?.left;
  const sentence = (code) => (words(language()).reasons[code] ?? code).replace("{left}", left ? euros(left) : "?");
  return h("ul", { class: "reasons", "data-testid": "reasons" }, finding.reasons.map((each) => h("li", { class: each.effect },
    icon(SIGNS[each.effect]), h("span", {}, quiet(`${t(`effect_${each.effect}`)}: `), sentence(each.code), h("span", { class: "source soft" }, each.source)))));
}

function stepButtons(claim, context, load) {
  const possible = stepsFrom(claim.status).filter((step) => context.may(step.needs));
  return h("div", { class: "actions" }, possible.map((step) =>
    button(t(`step_${step.to}`), () => move(claim, step, load), { class: "button small", "data-testid": `step-${step.to}` })));
}

function move(claim, step, load) {
  const reason = h("textarea", { rows: 3, maxlength: 2000, required: step.reason, lang: claim.language });
  const amount = step.amount && h("input", { inputmode: "decimal", required: true, pattern: "[0-9]{1,7}([.,][0-9]{1,2})?", placeholder: "0,00" });
  const read = ["information_requested", "declined"].includes(step.to);
  const act = async () => {
    const body = { to: step.to, version: claim.version, reason: reason.value.trim() };
    if (amount) body.amount = amount.value.trim().replace(",", ".");
    try {
      await post(`/claims/${claim.reference}/transitions`, body);
    } finally {
      load();
    }
  };
  dialog(`${t(`step_${step.to}`)} · ${claim.reference}`, [
    amount && field(t("amount"), amount),
    field(t(step.reason ? "reason_needed" : "reason_optional"), reason, t(read ? "reason_read_by_customer" : "reason_inside")),
  ], { words: t(`step_${step.to}`), act, bad: step.to === "declined" });
}

async function evidence(reference, context) {
  if (!context.may("read_evidence")) return "";
  const found = (await get(`/claims/${reference}/evidence`)).evidence;
  return h("div", { class: "evidence", "data-testid": "evidence" }, h("h3", {}, `${t("evidence")} (${found.length})`), found.map(file));
}

function file(each) {
  const readable = each.state === "clean" || each.state === "unscanned";
  const address = `/desk/api/evidence/${each.id}/content`;
  const words = `${each.name} · ${size(each.size)} · ${when(each.uploaded_at)}`;
  const mark = each.state === "clean" ? null : h("span", { class: "chip bad" }, t(`evidence_${each.state}`));
  if (!readable) return h("p", { class: "file" }, icon("file"), h("span", { class: "grow" }, words), mark);
  if (!PICTURES.includes(each.copy_type)) return h("p", { class: "file" }, icon("file"), h("a", { href: address, download: each.name }, words), mark);
  const open = () => dialog(each.name, [h("img", { class: "large", src: address, alt: each.name }), h("p", { class: "soft" }, words)]);
  return h("figure", {}, h("button", { type: "button", "aria-label": t("view_file", { name: each.name }), click: open }, h("img", { src: address, alt: "", loading: "lazy" })), h("figcaption", {}, words, mark));
}
