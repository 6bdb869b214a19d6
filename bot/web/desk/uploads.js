/** Files for the customer: chosen, dropped or pasted, uploaded one after the other, and shown until they are sent. */

import { Refused, of, send } from "./api.js";
import { announce, button, h, icon, iconButton, keep, toast } from "./dom.js";
import { size } from "./format.js";
import { t } from "./strings.js";

// The server has the last word; a test holds this against it.
export const MOST = 5;
const ACCEPTED = "image/*,application/pdf,text/plain,.eml";
const MEGABYTE = 1024 * 1024;

/** The files of the next answer; changed() when there is another one, or another state. */
export function uploadsView({ changed }) {
  const kept = new Map();
  const bars = new Map();
  let conversation = null;
  let busy = false;
  const input = h("input", { type: "file", multiple: true, accept: ACCEPTED, hidden: true, "data-testid": "files",
    change: () => (add([...input.files]), (input.value = "")) });
  const attach = h("button", { type: "button", class: "button small", "data-testid": "attach", click: () => input.click() }, icon("clip"), t("attach"));
  const list = h("ul", { class: "uploads", "aria-label": t("files_to_send"), "data-testid": "uploads" });

  const files = () => kept.get(conversation) ?? [];
  const of_ = (state) => files().filter((file) => file.state === state);

  const show = (id) => {
    conversation = id;
    look();
  };
  const look = () => {
    keep(list, files().map(({ key, name, bytes, state, reason }) => ({ key, name, bytes, state, reason })), (file) => file.key, chip);
    list.hidden = !files().length;
    for (const file of files()) if (bars.get(file.key)) bars.get(file.key).value = file.share;
    changed();
  };
  const chip = ({ key, name, bytes, state, reason }) => {
    const going = state === "queued" || state === "uploading";
    const bar = going && h("progress", { max: 1, value: 0, "aria-label": name });
    if (bar) bars.set(key, bar);
    return h("li", { class: reason ? "upload bad" : "upload", "data-testid": "upload", "data-state": state }, icon("file"),
      h("span", { class: "name" }, name), h("span", { class: "soft" }, reason || size(bytes)), bar,
      state === "failed" && button(t("try_again"), () => again(find(key)), { class: "button small", "data-focus": "again" }),
      iconButton("close", t("remove_file", { name }), () => remove(find(key)), { "data-testid": "remove-file", "data-focus": "remove" }));
  };
  const find = (key) => files().find((file) => file.key === key);

  const add = (chosen) => {
    const room = MOST - files().length;
    if (chosen.length > room) toast(t("error_too_many_attachments", { most: MOST }), true);
    const fresh = chosen.slice(0, Math.max(0, room)).map((file) => (
      { key: crypto.randomUUID(), file, name: file.name, bytes: file.size, state: "queued", share: 0, conversation }));
    kept.set(conversation, [...files(), ...fresh]);
    look();
    next();
  };
  const remove = (file) => {
    drop(file);
    file.stop?.abort();
    if (file.id) takeBack(file);
    look();
    (list.querySelector("button") ?? attach).focus();
  };
  const drop = (file) => kept.set(file.conversation, kept.get(file.conversation).filter((one) => one !== file));
  // What is never sent, the server deletes by itself.
  const takeBack = ({ conversation: whose, id }) => send("DELETE", of(whose, `files/${id}`)).catch(() => {});
  const again = (file) => {
    Object.assign(file, { state: "queued", share: 0, reason: "" });
    look();
    next();
  };
  const next = async () => {
    const file = [...kept.values()].flat().find(({ state }) => state === "queued");
    if (busy || !file) return;
    busy = true;
    file.stop = new AbortController();
    file.state = "uploading";
    look();
    try {
      const { id } = await upload(file, () => bars.get(file.key) && (bars.get(file.key).value = file.share));
      Object.assign(file, { state: "ready", id });
      if (!kept.get(file.conversation).includes(file)) takeBack(file);
      else announce(`${file.name}: ${t("file_ready")}`);
    } catch (problem) {
      Object.assign(file, { state: mayTryAgain(problem) ? "failed" : "refused", reason: words(problem) });
      announce(`${file.name}: ${file.reason}`);
    }
    busy = false;
    look();
    next();
  };
  return {
    attach, input, list, add, show,
    ready: () => of_("ready").map(({ id }) => id),
    underway: () => of_("queued").length + of_("uploading").length > 0,
    /** These were sent, or are gone. */
    settle: (whose, ids) => {
      kept.set(whose, (kept.get(whose) ?? []).filter((file) => !ids.includes(file.id)));
      look();
    },
  };
}

/** XMLHttpRequest, because fetch tells nothing of how far an upload is. */
function upload(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/desk/api${of(file.conversation, "files")}?client_id=${file.key}`);
    request.setRequestHeader("X-Desk", "1");
    // Not in the address, which a server in between may log.
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => ((file.share = total ? loaded / total : 0), progress());
    request.onload = () => {
      const { code, details } = request.response?.error ?? { code: "unknown" };
      if (request.status < 300) resolve(request.response);
      else reject(new Refused(request.status, code, details));
    };
    request.onerror = request.onabort = () => reject(new Refused(0, "offline"));
    file.stop.signal.addEventListener("abort", () => request.abort());
    request.send(file.file);
  });
}

function mayTryAgain({ status }) {
  return status === 0 || status === 429 || status >= 500;
}

function words(problem) {
  if (problem.code === "rate_limited") return t("error_too_many_files");
  if (problem.code !== "too_large" || !problem.details.limit) return problem.words;
  return t("error_too_large_limit", { limit: Math.floor(problem.details.limit / MEGABYTE) });
}

/** Hands a file that staff sent to whoever reads the conversation. */
export async function openFile(conversation, { id, name }) {
  try {
    const answer = await fetch(`/desk/api${of(conversation, `files/${id}`)}`).catch(() => null);
    if (!answer?.ok) throw new Refused(answer?.status ?? 0, answer ? (await answer.json()).error.code : "offline");
    const link = h("a", { href: URL.createObjectURL(await answer.blob()), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (refused) {
    toast(refused.words ?? t("error_offline"), true);
  }
}
