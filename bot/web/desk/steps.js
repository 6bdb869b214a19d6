/** Which steps a claim can take, as the claims backend has them; its own checks decide. */

const WORK = "work_on_claims";
const DECIDE = "decide_claims";
const REOPEN = "reopen_claims";

// From, to, permission, what it needs.
const STEPS = [
  ["submitted", "in_review", WORK],
  ["submitted", "information_requested", WORK, "reason"],
  ["in_review", "information_requested", WORK, "reason"],
  ["information_requested", "in_review", WORK],
  ["in_review", "approved", DECIDE, "amount"],
  ["in_review", "declined", DECIDE, "reason"],
  ["approved", "paid", DECIDE],
  ["approved", "closed", WORK],
  ["declined", "closed", WORK],
  ["paid", "closed", WORK],
  ["withdrawn", "closed", WORK],
  ["approved", "in_review", REOPEN, "reason"],
  ["declined", "in_review", REOPEN, "reason"],
  ["closed", "in_review", REOPEN, "reason"],
];

/** The steps out of a status: [{to, needs, reason, amount}]. */
export function stepsFrom(status) {
  return STEPS.filter(([from]) => from === status).map(([, to, needs, more]) => ({ to, needs, reason: more === "reason", amount: more === "amount" }));
}
