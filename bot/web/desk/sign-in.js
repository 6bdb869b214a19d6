/** Signing in: name, password, and the code of the authenticator. */

import { post } from "./api.js";
import { field, h, icon } from "./dom.js";
import { setPref } from "./prefs.js";
import { LANGUAGES, language, t } from "./strings.js";

/** The page; `then(me)` is called when it worked. */
export function signIn(then, why = "") {
  const name = h("input", { name: "username", autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false", maxlength: 64 });
  const password = h("input", { name: "password", type: "password", autocomplete: "current-password", required: true, maxlength: 200 });
  const code = h("input", { name: "code", autocomplete: "one-time-code", inputmode: "numeric", required: true, maxlength: 20 });
  const problem = h("p", { class: "problem", role: "alert", "data-testid": "sign-in-problem" }, why);
  const go = h("button", { class: "button primary wide" }, t("sign_in"));
  const submit = async (event) => {
    event.preventDefault();
    go.disabled = true;
    problem.textContent = "";
    try {
      then(await post("/session", { username: name.value.trim(), password: password.value, code: code.value.replaceAll(" ", "") }));
    } catch (refused) {
      problem.textContent = refused.words;
      code.value = "";
      code.focus();
    } finally {
      go.disabled = false;
    }
  };
  const again = (chosen) => {
    setPref("language", chosen);
    then();
  };
  const languages = Object.entries(LANGUAGES).map(([id, words]) =>
    h("button", { type: "button", lang: id, "aria-pressed": id === language(), click: () => again(id) }, words));
  return h("main", { class: "sign-in" },
    h("div", { class: "card" },
      h("div", { class: "brand" }, h("span", { class: "mark" }, icon("messenger")), h("h1", {}, t("title"))),
      h("p", { class: "soft" }, t("sign_in_hint")),
      h("form", { submit, novalidate: false },
        field(t("username"), name), field(t("password"), password), field(t("code"), code, t("code_hint")), problem, go)),
    h("div", { class: "languages", role: "group", "aria-label": t("language") }, languages));
}
