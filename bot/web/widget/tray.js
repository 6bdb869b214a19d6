/** Where files are chosen, photographed and watched on their way: with a warning of what must not be sent. */

import { h, icon } from "./dom.js";
import { Uploads } from "./uploads.js";

// What the claims backend keeps; it looks into the file itself, this only helps the dialog of the system.
const ACCEPTED = "image/*,application/pdf,text/plain,.eml";
const CAMERA = matchMedia("(pointer: coarse)");

/** The files of the next message. */
export class Tray {
  #words;
  #language = "en";
  #uploads;
  #changed;
  #thumbs = new Map();
  #rows = new Map();
  #warning = h("p", { class: "warning", id: "cc-warning" });
  #choose = this.#picker("files", { multiple: true, accept: ACCEPTED });
  #photo = this.#picker("camera", { accept: "image/*", capture: "environment" });
  #list = h("ul", { class: "files", role: "list" });
  #news = h("p", { class: "quiet", role: "status", "data-testid": "file-news" });
  element = h("div", { class: "tray", role: "group", hidden: true, "data-testid": "tray" }, this.#warning,
    h("div", { class: "pickers" }, this.#choose.label, this.#photo.label), this.#list, this.#news);

  /** changed(): the composer looks again at what may be sent. */
  constructor(chat, changed) {
    this.#changed = changed;
    this.#uploads = new Uploads(chat, () => this.#draw());
    this.#photo.label.hidden = !CAMERA.matches;
  }

  get open() {
    return !this.element.hidden;
  }

  get ready() {
    return this.#uploads.ready.length > 0;
  }

  get underway() {
    return this.#uploads.underway;
  }

  translate(words, language) {
    this.#words = words;
    this.#language = language;
    this.element.setAttribute("aria-label", words.files);
    this.#warning.textContent = words.fileWarning;
    this.#choose.words.textContent = words.chooseFiles;
    this.#photo.words.textContent = words.takePhoto;
    this.#rows.clear();
    this.#draw();
  }

  show(open, { focus = false } = {}) {
    this.element.hidden = !open;
    if (open && focus) this.#choose.input.focus();
    this.#changed();
  }

  add(files) {
    if (!files.length) return;
    this.#uploads.add(files);
    this.show(true);
  }

  /** The files for the message that is sent now. */
  take() {
    const taken = this.#uploads.take();
    if (!this.#uploads.files.length) this.show(false);
    return taken;
  }

  /** The small picture of a file that was chosen on this page. */
  thumb(id) {
    return this.#thumbs.get(id);
  }

  #picker(name, props) {
    const change = ({ target }) => {
      this.add([...target.files]);
      target.value = "";
    };
    const words = h("span");
    const input = h("input", { type: "file", class: "quiet", "aria-describedby": "cc-warning", "data-testid": name, change, ...props });
    return { input, words, label: h("label", { class: "pick" }, input, icon(name), words) };
  }

  #draw() {
    const { files } = this.#uploads;
    const rows = files.map((file) => this.#row(file));
    for (const key of this.#rows.keys()) if (!files.some((file) => file.key === key)) this.#rows.delete(key);
    if (rows.length !== this.#list.children.length || rows.some((row, index) => row !== this.#list.children[index])) {
      this.#list.replaceChildren(...rows);
    }
    this.#changed();
  }

  /** Made once for each file; then only what changes is touched, so that the focus stays where it is. */
  #row(file) {
    let row = this.#rows.get(file.key);
    if (!row) {
      const remove = () => {
        this.#uploads.remove(file);
        this.#choose.input.focus();
      };
      const state = h("span", { class: "state" });
      const bar = h("progress", { max: 1, "aria-label": file.name });
      const again = h("button", { class: "link", "data-testid": "file-retry", click: () => this.#uploads.retry(file) }, this.#words.again);
      const away = h("button", { class: "round", "data-testid": "file-remove", "aria-label": `${this.#words.remove}: ${file.name}`,
        click: remove }, icon("close"));
      row = h("li", { class: "file", "data-testid": "file" }, this.#thumb(file),
        h("span", { class: "told" }, h("b", {}, file.name), state, bar), again, away);
      Object.assign(row, { parts: { state, bar, again } });
      this.#rows.set(file.key, row);
    }
    this.#refresh(row, file);
    return row;
  }

  #refresh(row, file) {
    const { state, bar, again } = row.parts;
    bar.hidden = file.state !== "uploading" && file.state !== "queued";
    bar.value = file.share;
    again.hidden = file.state !== "failed";
    if (row.dataset.state === file.state) return;
    row.dataset.state = file.state;
    state.textContent = this.#told(file);
    if (file.state !== "queued" && file.state !== "uploading") this.#news.textContent = `${file.name}: ${state.textContent}`;
    if (file.id) this.#thumbs.set(file.id, row.firstChild);
  }

  #told({ state, size, why, reason }) {
    const words = this.#words;
    if (state === "refused") return reason || words.refused[why] || words.refused.other;
    if (state === "ready") return `${fileSize(size, this.#language)} · ${words.ready}`;
    return state === "failed" ? words.fileFailed : words.uploading;
  }

  /** Drawn on a canvas: an address of a picture would have to be allowed by the page's policy. */
  #thumb({ file }) {
    const canvas = h("canvas", { class: "thumb", width: 88, height: 88, "aria-hidden": "true", hidden: true });
    const box = h("span", { class: "thumb" }, icon("file"), canvas);
    if (file.type.startsWith("image/")) createImageBitmap(file).then((picture) => paint(canvas, picture, box), () => {});
    return box;
  }
}

function paint(canvas, picture, box) {
  const side = Math.min(picture.width, picture.height);
  canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, 88, 88);
  picture.close();
  canvas.hidden = false;
  box.firstChild.remove();
}

/** "1,2 MB", as it is written here. */
export function fileSize(bytes, language) {
  const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
  const value = Math.max(bytes / (bytes < 1e6 ? 1e3 : 1e6), 0.1);
  return value.toLocaleString(`${language}-BE`, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 });
}
