/** The field to write in: an answer or a private note, kept as a draft, with canned replies at the press of "/". */

import { of, post, send } from "./api.js";
import { cannedView } from "./canned.js";
import { h, icon, toast } from "./dom.js";
import { t } from "./strings.js";
import { uploadsView } from "./uploads.js";

const KEEP_AFTER = 600;
const TYPING_AGAIN = 4000;
const LONGEST = 4000;
const GAP = /\{[a-z_]+\}/;

/** The field below the transcript. */
export function composerView({ context, actions }) {
  const state = { shown: null, mode: "reply", texts: { reply: "", note: "" }, kept: "", clientId: null, typed: 0, timer: 0, sending: false };
  const modes = ["reply", "note"].map((mode) => h("button", { type: "button", "data-testid": `mode-${mode}`, click: () => write(mode) }, t(mode)));
  const area = h("textarea", { rows: 3, maxlength: LONGEST, "data-testid": "composer" });
  const slash = h("button", { type: "button", class: "button small", click: () => canned(), "data-testid": "canned-button" }, "/ ", t("canned"));
  const go = h("button", { class: "button primary", "data-testid": "send" }, icon("send"), h("span", {}, t("send")));
  const hint = h("p", { class: "soft hint" });
  const uploads = uploadsView({ changed: () => ((state.clientId = null), state.shown && look()) });
  const popup = cannedView({ choose: (text) => insert(text), back: () => area.focus() });
  const element = h("form", { class: "composer" }, popup.element,
    h("div", { class: "tabs", role: "group", "aria-label": t("kind_of_message") }, modes), area,
    uploads.list, h("div", { class: "composer-foot" }, slash, uploads.attach, uploads.input, hint, go));

  const conversation = () => state.shown.conversation;
  const mine = () => conversation().mode === "human" && conversation().owner === context.me.username;
  const usable = () => context.may("work_on_claims") && (state.mode === "note" || (mine() && state.shown.window.how !== "closed"));

  const show = (shown, other) => {
    const owned = state.shown && !other && mine();
    state.shown = shown;
    if (other) {
      Object.assign(state, { mode: "reply", texts: { reply: shown.draft ?? "", note: "" }, kept: shown.draft ?? "", clientId: null });
      area.value = state.texts[state.mode];
      popup.hide();
      uploads.show(shown.conversation.id);
    }
    look();
    if (!owned && !other && mine() && document.activeElement === document.body) area.focus();
  };
  const look = () => {
    const note = state.mode === "note";
    element.classList.toggle("noting", note);
    modes.forEach((each, place) => each.setAttribute("aria-pressed", String((place === 1) === note)));
    area.disabled = !usable();
    go.disabled = !usable() || state.sending;
    slash.hidden = uploads.attach.hidden = note || !usable();
    uploads.list.classList.toggle("hidden", note || !usable());
    area.setAttribute("aria-label", t(note ? "note_label" : "reply_label"));
    area.placeholder = placeholder(note);
    hint.textContent = usable() ? t(note ? "note_hint" : "send_hint") : "";
  };
  const placeholder = (note) => {
    if (note) return t("note_hint");
    if (mine()) return t(state.shown.window.how === "closed" ? "window_closed_field" : "reply_hint", { language: conversation().language.toUpperCase() });
    return t(actions.may.take() ? "take_first" : "not_yours");
  };
  const write = (mode) => {
    state.texts[state.mode] = area.value;
    state.mode = mode;
    area.value = state.texts[mode];
    look();
    if (!area.disabled) area.focus();
  };
  const keepDraft = (more = {}) => {
    clearTimeout(state.timer);
    const text = state.mode === "reply" ? area.value : state.texts.reply;
    if (!state.shown || !context.may("work_on_claims") || text === state.kept) return;
    state.kept = text;
    send("PUT", of(conversation().id, "draft"), { text }, more).catch(() => (state.kept = null));
  };
  const tellTyping = (typing) => {
    if (!state.shown || !mine() || (typing && Date.now() - state.typed < TYPING_AGAIN) || (!typing && !state.typed)) return;
    state.typed = typing ? Date.now() : 0;
    post(of(conversation().id, "typing"), { typing }).catch(() => {});
  };
  const insert = (text) => {
    if (state.mode !== "reply") write("reply");
    if (area.disabled) return toast(t("take_first"), true);
    const begin = area.selectionStart;
    const filled = fill(text, state.shown, context.me);
    area.setRangeText(filled, begin, area.selectionEnd, "end");
    area.focus();
    const gap = area.value.match(GAP);
    if (gap) area.setSelectionRange(gap.index, gap.index + gap[0].length);
    changed();
  };
  const changed = () => {
    clearTimeout(state.timer);
    if (state.mode !== "reply") return;
    state.timer = setTimeout(keepDraft, KEEP_AFTER);
    tellTyping(area.value !== "");
  };
  const canned = () => {
    if (state.mode !== "reply") write("reply");
    if (!area.disabled) popup.show(conversation().language);
  };
  const submit = async (event) => {
    event.preventDefault();
    const text = area.value.trim();
    const note = state.mode === "note";
    if ((!text && (note || !uploads.ready().length)) || state.sending || !usable()) return;
    if (!note && uploads.underway()) return toast(t("files_underway"), true);
    if (!note && GAP.test(text)) return toast(t("gap_left"), true);
    state.sending = true;
    look();
    try {
      await (note ? addNote(text) : answer(text, uploads.ready()));
    } catch (refused) {
      toast(refused.words, true);
    } finally {
      state.sending = false;
      look();
      if (!area.disabled) area.focus();
    }
  };
  const answer = async (text, files) => {
    const { id } = conversation();
    clearTimeout(state.timer);
    // A repeat after a lost line has the same id, so the customer gets it once.
    state.clientId ??= crypto.randomUUID();
    await post(of(id, "messages"), { client_id: state.clientId, text, attachments: files }).catch((refused) => {
      // A file that nobody sends for an hour is deleted.
      if (refused.code === "unknown_attachment") uploads.settle(id, files);
      throw refused;
    });
    Object.assign(state, { clientId: null, kept: "", typed: 0 });
    uploads.settle(id, files);
    if (conversation().id === id) area.value = state.texts.reply = "";
  };
  const addNote = async (text) => {
    await post(of(conversation().id, "notes"), { text });
    area.value = state.texts.note = "";
  };

  const give = (event, { files }) => {
    if (!files.length) return;
    event.preventDefault();
    if (state.mode === "reply" && usable()) uploads.add([...files]);
    else toast(t(state.mode === "note" ? "files_not_in_notes" : "take_first"), true);
  };

  element.addEventListener("submit", submit);
  area.addEventListener("input", () => ((state.clientId = null), changed()));
  area.addEventListener("blur", () => tellTyping(false));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      element.requestSubmit();
    } else if (event.key === "/" && !area.value && state.mode === "reply") {
      event.preventDefault();
      canned();
    } else if (event.key === "Escape") area.blur();
  });
  area.addEventListener("paste", (event) => give(event, event.clipboardData));
  element.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  element.addEventListener("drop", (event) => give(event, event.dataTransfer));
  window.addEventListener("pagehide", () => keepDraft({ keepalive: true }));
  return { element, show, write, insert, canned, leave: () => (keepDraft(), tellTyping(false)) };
}

/** Fills what is known into a reply; a gap without a value stays visible. */
export function fill(text, shown, me) {
  const values = { first_name: shown.summary.name?.split(" ")[0], reference: shown.claims[0], staff_name: me.name.split(" ")[0] };
  return text.replace(/\{([a-z_]+)\}/g, (gap, name) => values[name] ?? gap);
}
