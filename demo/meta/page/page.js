// The page on which one is a person with Messenger or WhatsApp: asks for news, draws it, and sends what is done.

import { drawLine, element } from "./lines.js";

const at = (id) => document.getElementById(id);
const [main, thread, list] = [document.querySelector("main"), at("thread"), document.querySelector("#thread ol")];
const drawn = new Map();
let people = [];
let person = null;
let version = "";
let busy = false;
let atEnd = true;

async function call(path, options = {}) {
  const answer = await fetch(`/play/${path}`, options);
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.error?.message ?? "That did not work.");
}

async function act(path, body) {
  const form = body instanceof FormData;
  atEnd = true;
  try {
    await call(`users/${person.id}/${path}`, { method: "POST", body: form ? body : JSON.stringify(body ?? {}) });
    at("problem").textContent = "";
  } catch (error) {
    at("problem").textContent = error.message;
  }
  await look();
}

const acts = {
  press: (line, button) => act("presses", { line, button }),
  list: openList,
  bold: () => person.platform === "whatsapp",
};

function openList(line) {
  const dialog = at("list");
  dialog.querySelector("h2").textContent = line.list_label;
  dialog.querySelector("div").replaceChildren(...line.buttons.map((row, number) =>
    element("button", { value: "row", onclick: () => acts.press(line.n, number) },
      row.title, element("small", { textContent: row.description }))));
  dialog.showModal();
}

function initials(name) {
  return name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
}

function drawPerson(one) {
  const names = element("span", { className: "names" }, element("strong", { textContent: one.name }),
    element("small", { textContent: one.last?.text ?? one.locale.slice(0, 2).toUpperCase() }));
  const unread = one.unread && one.id !== person?.id ? [element("span", { className: "count", textContent: one.unread })] : [];
  const button = element("button", { type: "button", onclick: () => { location.hash = one.id; } },
    element("span", { className: "face", textContent: initials(one.name), ariaHidden: "true" }), names, ...unread);
  button.setAttribute("aria-current", String(one.id === person?.id));
  return element("li", {}, button);
}

function drawPeople(state) {
  const said = JSON.stringify([state, person?.id]);
  if (drawPeople.last === said) return;
  drawPeople.last = said;
  people = state.people;
  at("business").textContent = state.business.name;
  at("connection").textContent = state.connected ? "The assistant listens." : "The assistant has not been reached yet.";
  at("connection").classList.toggle("on", state.connected);
  for (const section of document.querySelectorAll("section")) {
    const focused = [...section.querySelectorAll("li button")].indexOf(document.activeElement);
    section.querySelector("ul").replaceChildren(
      ...people.filter((one) => one.platform === section.dataset.platform).map(drawPerson));
    section.querySelectorAll("li button")[focused]?.focus();
  }
}

function drawThread({ lines, typing, profile }) {
  for (const line of lines) {
    const said = JSON.stringify(line);
    const before = drawn.get(line.n);
    if (before?.said === said) continue;
    const made = drawLine(line, acts);
    if (before) before.made.replaceWith(made);
    else list.append(made);
    drawn.set(line.n, { said, made });
  }
  const last = lines.at(-1);
  const quick = (last?.buttons ?? []).map((one, number) => [one, number]).filter(([one]) => one.kind === "quick");
  at("quick").replaceChildren(...quick.map(([one, number]) =>
    element("button", { type: "button", textContent: one.title, onclick: () => acts.press(last.n, number) })));
  at("typing").hidden = !typing;
  at("greeting").textContent = lines.length ? "" : profile.greeting || "Nothing was said yet. Write a message to begin.";
  drawChoices(profile.choices, lines.length > 0);
}

function drawChoices(choices, begun) {
  const draw = ({ payload, title }) =>
    element("button", { type: "button", textContent: title, onclick: () => { at("menu").open = false; act("choices", { payload }); } });
  const of = (kind) => choices.filter((choice) => choice.kind === kind).map(draw);
  at("menu").hidden = !of("menu").length;
  if (!at("menu").open) at("menu").querySelector("div").replaceChildren(...of("menu"));
  // As on the phone: first questions stand in the place of the start button.
  if (!begun && choices.length) at("quick").replaceChildren(...(of("question").length ? of("question") : of("start")));
}

async function look() {
  if (!person) return;
  const asked = person.id;
  const news = await call(`users/${asked}?version=${version}`);
  if (!news || asked !== person?.id) return;
  version = news.version;
  drawThread(news);
  const unread = news.lines.some((line) => line.status === "delivered" && line.author !== "user");
  if (unread && document.visibilityState === "visible") await call(`users/${asked}/seen`, { method: "POST" });
}

async function tick() {
  if (busy) return;
  busy = true;
  try {
    drawPeople(await call("state"));
    choose();
    await look();
  } catch {
    at("connection").textContent = "The stand-in does not answer.";
    at("connection").classList.remove("on");
  } finally {
    busy = false;
  }
}

function choose() {
  const found = people.find((one) => one.id === location.hash.slice(1)) ?? null;
  if (found?.id === person?.id) return;
  person = found;
  version = "";
  drawn.clear();
  list.replaceChildren();
  asInbox(false);
  main.hidden = !person;
  document.body.classList.toggle("talking", Boolean(person));
  if (!person) return;
  main.dataset.platform = person.platform;
  at("as").textContent = `You are ${person.name}`;
  at("inbox").hidden = person.platform !== "messenger";
  atEnd = true;
}

function asInbox(on) {
  at("inbox").setAttribute("aria-pressed", String(on));
  at("as-inbox").hidden = !on;
}

function send(event) {
  event?.preventDefault();
  const text = at("text").value.trim();
  if (!text) return;
  at("text").value = "";
  act(at("as-inbox").hidden ? "messages" : "inbox", { text });
}

function sendFiles() {
  const form = new FormData();
  for (const file of at("files").files) form.append("file", file);
  form.append("text", at("text").value.trim());
  at("text").value = at("files").value = "";
  act("files", form);
}

async function arrive(platform) {
  const name = `Visitor ${people.filter((one) => one.platform === platform).length + 1}`;
  const locale = { nl: "nl_NL", fr: "fr_FR" }[navigator.language.slice(0, 2)] ?? "en_GB";
  const { id } = await call("users", { method: "POST", body: JSON.stringify({ platform, name, locale }) });
  location.hash = id;
  await tick();
}

at("composer").addEventListener("submit", send);
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
});
at("files").addEventListener("change", sendFiles);
at("inbox").addEventListener("click", () => asInbox(at("as-inbox").hidden));
at("back").addEventListener("click", () => { location.hash = ""; });
for (const section of document.querySelectorAll("section")) {
  section.querySelector(".add").addEventListener("click", () => arrive(section.dataset.platform));
}
// Whoever reads at the end stays there, also when a picture has come or the keyboard opens.
thread.addEventListener("scroll", () => { atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60; });
const follow = new ResizeObserver(() => { if (atEnd) thread.scrollTop = thread.scrollHeight; });
for (const box of thread.children) follow.observe(box);
follow.observe(thread);
addEventListener("hashchange", () => { choose(); look(); });
setInterval(tick, 900);
tick();
