/** The desk's calls. */

import { t } from "./strings.js";

/** What the server refused; `code` says why. */
export class Refused extends Error {
  constructor(status, code, details) {
    super(code);
    this.status = status;
    this.code = code;
    this.details = details || {};
  }

  /** The same in words. */
  get words() {
    const name = this.details.owner_name;
    if ((this.code === "already_taken" || this.code === "not_owner") && name) return t("error_already_taken", { name });
    return t(`error_${this.code}`) || t("error_unknown", { code: this.code });
  }
}

let onSignedOut = () => {};

/** Says what to do when the session is over. */
export function whenSignedOut(then) {
  onSignedOut = then;
}

/** The address of a conversation's call. */
export function of(conversation, what = "") {
  return `/conversations/${encodeURIComponent(conversation).replaceAll("%3A", ":")}${what && `/${what}`}`;
}

/** Reads. */
export const get = (path) => call("GET", path);

/** Changes something. */
export const send = (method, path, body = {}, more = {}) => call(method, path, body, more);

/** Changes something with POST. */
export const post = (path, body = {}) => call("POST", path, body);

async function call(method, path, body, more = {}) {
  const options = { method, ...more };
  if (method !== "GET") {
    options.headers = { "X-Desk": "1", "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`/desk/api${path}`, options);
  } catch {
    throw new Refused(0, "offline");
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const { error } = await answer.json().catch(() => ({ error: { code: "unknown" } }));
  if (answer.status === 401 && error.code === "desk_session_invalid" && path !== "/session") onSignedOut();
  throw new Refused(answer.status, error.code, error.details);
}
