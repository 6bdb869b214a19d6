/** The policy of a customer who proved who they are: whom it insures, what is left of it, its claims, the cover check. */

import { get, of } from "./api.js";
import { pairs, reasons } from "./claim.js";
import { h } from "./dom.js";
import { day, euros } from "./format.js";
import { language, t } from "./strings.js";
import { words } from "./words.js";

/** The policy, which is loaded by itself; `open(reference)` shows one of its claims. */
export function policyView(conversation, open) {
  const body = h("div", { class: "claim policy", "data-testid": "policy" }, h("p", { class: "soft" }, t("loading")));
  get(of(conversation, "policy")).then(
    ({ policy, finding }) => body.replaceChildren(...shown(policy, open), ...checked(finding)),
    (refused) => body.replaceChildren(h("p", { class: "problem" }, refused.words ?? t("error_unknown", { code: refused.message }))),
  );
  return body;
}

function shown(policy, open) {
  const { first_name: first, last_name: last } = policy.holder;
  return [
    h("p", { class: "status" }, h("span", { class: `chip policy-${policy.status}`, "data-testid": "policy-status" }, t(`policy_${policy.status}`)),
      h("span", { class: `chip payment-${policy.payment.state}`, "data-testid": "payment" }, t(`payment_${policy.payment.state}`))),
    pairs([[t("policy"), policy.reference], [t("holder"), `${first} ${last}`], [t("period"), period(policy)],
      [t("paid_first"), policy.payment.first_paid_on && day(policy.payment.first_paid_on)], [t("open_since"), policy.payment.open_since && day(policy.payment.open_since)],
      [t("antivirus"), policy.antivirus_declared_on ? t("declared_on", { day: day(policy.antivirus_declared_on) }) : t("not_declared")],
      [t("terms"), t(`terms_${policy.terms}`)], [t("rules_version"), policy.rules_version]]),
    h("h3", {}, t("insured_persons")), h("ul", { class: "people", "data-testid": "insured" }, policy.insured_persons.map(person)),
    h("h3", {}, t("limits_left")), policy.limits.length ? h("ul", { class: "limits", "data-testid": "limits" }, policy.limits.map(limit)) : h("p", { class: "soft" }, t("no_limits")),
    h("h3", {}, t("earlier_claims")), claims(policy, open),
  ];
}

function period({ period: found, start_date: begins, end_date: ends }) {
  const from = begins ?? found?.starts_on;
  if (!from) return null;
  return ends ? t("from_until", { from: day(from), until: day(ends) }) : t("from_on", { from: day(from) });
}

function person({ first_name: first, last_name: last, relation, family, age }) {
  return h("li", {}, h("span", { class: "grow" }, `${first} ${last}, ${t("years", { age })}`),
    h("span", { class: "soft" }, t(`relation_${relation}`) || relation), !family && h("span", { class: "chip bad" }, t("not_insured")));
}

function limit(each) {
  const names = each.incidents.map((incident) => words(language()).incidents[incident] ?? incident).join(", ");
  const left = [
    each.left != null && t("left_of", { left: euros(each.left), whole: euros(each.limit) }),
    each.claims_left != null && t("claims_left_of", { left: each.claims_left, whole: each.claims_allowed }),
  ].filter(Boolean).join(" · ");
  return h("li", {}, h("strong", {}, names), h("span", {}, left || t("no_amount")), h("span", { class: "soft" }, t("until_day", { day: day(each.last_day) })));
}

function claims({ claims: own, handled_before: before, more_claims: more }, open) {
  if (!own.length && !before.length) return h("p", { class: "soft" }, t("no_claims"));
  return h("ul", { class: "claims-list", "data-testid": "policy-claims" },
    own.map((each) => line(h("button", { type: "button", class: "link", click: () => open(each.reference) }, each.reference), each, t(`status_${each.status}`), each.paid_amount ?? each.approved_amount)),
    before.map((each) => line(h("span", {}, t("handled_before")), each, t(`past_${each.status}`), each.approved_amount)),
    more && h("li", { class: "soft" }, t("more_claims")));
}

function line(name, { incident, incident_date: at, submitted_at: sent }, status, amount) {
  return h("li", {}, h("span", { class: "line" }, name, h("span", { class: "chip" }, status), amount != null && h("span", {}, euros(amount))),
    h("span", { class: "soft" }, `${words(language()).incidents[incident] ?? incident} · ${day(at ?? sent)}`));
}

function checked(finding) {
  if (!finding) return [];
  return [h("h3", {}, `${t("finding_now")}: ${t(`finding_${finding.finding}`)}`), reasons(finding)];
}
