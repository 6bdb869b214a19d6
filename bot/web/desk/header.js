/** The bar on top: pages, presence, colleagues, settings, the way out. */

import { get, post, send } from "./api.js";
import { h, icon, select, toast } from "./dom.js";
import { menu } from "./menu.js";
import { mayNotify } from "./notify.js";
import { prefs, setPref } from "./prefs.js";
import { LANGUAGES, language, t } from "./strings.js";
import { showShortcuts } from "./shortcuts.js";

/** The bar; `line(on)` shows whether the desk hears of changes, `staff()` reads who is there. */
export function header({ me, may, again }) {
  const line = h("span", { class: "line", role: "status", "data-testid": "line" });
  const colleagues = h("div", { class: "menu-body" });
  const state = select([["available", t("available")], ["away", t("away")]], "available",
    { "aria-label": t("presence"), class: "presence", "data-testid": "presence", change: (event) => present(event.target) });

  const present = async (chosen) => {
    try {
      await post("/presence", { state: chosen.value });
      chosen.dataset.state = chosen.value;
    } catch (refused) {
      toast(refused.words, true);
    }
  };
  const staff = async () => {
    const found = (await get("/staff")).staff;
    const own = found.find((each) => each.username === me.username);
    if (own && own.state !== "gone") state.value = own.state;
    state.dataset.state = state.value;
    colleagues.replaceChildren(h("ul", { class: "people" }, found.map(person)));
    return found;
  };
  const out = async () => {
    await send("DELETE", "/session").catch(() => {});
    again();
  };

  const element = h("header", { class: "top" },
    h("a", { class: "brand", href: "/desk" }, h("span", { class: "mark" }, icon("messenger")), h("strong", {}, t("title_short"))),
    h("nav", { "aria-label": t("pages") }, pages(may)),
    h("span", { class: "grow" }), line,
    may("work_on_claims") && state,
    may("read_claims") && menu("person", t("colleagues"), colleagues, staff),
    menu("gear", t("settings"), settings(again)),
    h("button", { type: "button", class: "icon-button key", title: t("shortcuts"), "aria-label": t("shortcuts"), click: showShortcuts }, "?"),
    h("span", { class: "me" }, me.name),
    h("button", { type: "button", class: "button small", click: out, "data-testid": "sign-out" }, t("sign_out")));
  return {
    element,
    staff,
    line: (on) => {
      line.textContent = on ? "" : t("offline");
    },
  };
}

function pages(may) {
  const all = [["/desk", "page_conversations", "read_claims"], ["/desk/figures", "page_figures", "read_figures"], ["/desk/audit", "page_audit", "read_audit"]];
  return all.filter(([, , permission]) => may(permission)).map(([href, words]) =>
    h("a", { href, "aria-current": location.pathname === href && "page" }, t(words)));
}

function person(each) {
  return h("li", {}, h("span", { class: `dot ${each.state}`, "aria-hidden": "true" }), h("span", { class: "grow" }, each.name),
    h("span", { class: "soft" }, `${t(`state_${each.state}`)} · ${each.conversations}`));
}

function settings(again) {
  const languages = select(Object.entries(LANGUAGES), language(), { change: (event) => (setPref("language", event.target.value), again()) });
  const themes = select([["", t("theme_machine")], ["light", t("theme_light")], ["dark", t("theme_dark")]], prefs.theme,
    { change: (event) => setPref("theme", event.target.value) });
  const notifying = async (event) => {
    const on = event.target.checked && (await mayNotify());
    if (event.target.checked && !on) toast(t("notify_refused"), true);
    event.target.checked = on;
    setPref("notify", on);
  };
  return h("div", { class: "menu-body settings" },
    h("label", {}, h("span", {}, t("language")), languages),
    h("label", {}, h("span", {}, t("theme")), themes),
    tick(t("sound"), "sound"), tick(t("notifications"), "notify", notifying), tick(t("single_keys"), "keys"));
}

function tick(words, name, change = (event) => setPref(name, event.target.checked)) {
  return h("label", { class: "tick" }, h("input", { type: "checkbox", checked: prefs[name], change }), h("span", {}, words));
}
