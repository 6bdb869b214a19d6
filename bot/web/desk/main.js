/** The beginning: who is it, and which page do they want. */

import { get, whenSignedOut } from "./api.js";
import { auditPage } from "./audit.js";
import { console_ } from "./console.js";
import { h } from "./dom.js";
import { figuresPage } from "./figures.js";
import { header } from "./header.js";
import { chosenLanguage, showTheme } from "./prefs.js";
import { signIn } from "./sign-in.js";
import { setLanguage, t } from "./strings.js";
import { load } from "./words.js";

const root = document.getElementById("desk");
const PAGES = { "/desk/figures": [figuresPage, "read_figures"], "/desk/audit": [auditPage, "read_audit"] };
let leave = () => {};

/** Shows everything anew, for example after another language was chosen. */
async function begin(me = null) {
  leave();
  leave = () => {};
  setLanguage(chosenLanguage());
  showTheme();
  document.title = t("title");
  await load(chosenLanguage());
  try {
    show(me ?? (await get("/session")));
  } catch (refused) {
    root.replaceChildren(signIn(begin, refused.status && refused.status !== 401 ? refused.words : ""));
  }
}

function show(me) {
  const [wanted, permission] = PAGES[location.pathname] ?? [console_, "read_claims"];
  const main = h("main", { id: "main", tabindex: "-1" });
  const context = { me, may: (each) => me.permissions.includes(each), again: () => begin() };
  const top = header(context);
  root.replaceChildren(h("a", { class: "skip", href: "#main" }, t("skip")), top.element, main);
  if (context.may("read_claims")) top.staff().catch(() => {});
  if (context.may(permission)) leave = wanted(main, context, top) ?? (() => {});
  else main.append(h("p", { class: "empty" }, t("error_not_allowed")));
}

whenSignedOut(() => begin());
begin();
