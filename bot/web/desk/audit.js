/** The audit trail: who saw, answered, changed and took over what. */

import { get } from "./api.js";
import { button, h } from "./dom.js";
import { when } from "./format.js";
import { t } from "./strings.js";

/** Shows the trail in `main`. */
export function auditPage(main) {
  const chain = h("p", { class: "notice", role: "status" });
  const rows = h("tbody");
  const more = button(t("more"), () => load(), { class: "button more", hidden: true });
  let next = "";
  const load = async () => {
    const found = await get(`/audit?after=${next}`).catch((refused) => ({ refused }));
    if (found.refused) {
      chain.textContent = found.refused.words;
      return;
    }
    if (!next) chain.textContent = found.intact ? t("audit_intact") : t("audit_broken", { number: found.broken_at });
    chain.classList.toggle("bad", !found.intact);
    rows.append(...found.entries.map(entry));
    next = found.next ?? "";
    more.hidden = !found.next;
  };
  main.append(h("div", { class: "page" }, h("h1", {}, t("page_audit")), chain, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("page_audit") },
    h("table", {}, h("thead", {}, h("tr", {}, ["moment", "who", "what", "subject"].map((each) => h("th", { scope: "col" }, t(each))))), rows)), more));
  load();
}

function entry(each) {
  return h("tr", {}, h("td", {}, when(each.at)), h("td", {}, each.actor.replace(/^staff:/, "")), h("td", {}, each.action.replaceAll("_", " ")), h("td", { class: "mono" }, each.subject));
}
