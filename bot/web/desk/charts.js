/** Pictures of numbers as inline SVG, each with its table for those who cannot see it or want the numbers. */

import { h, svg } from "./dom.js";
import { number } from "./format.js";
import { t } from "./strings.js";

let count = 0;

/** A picture with its title and its table: `head` names the columns, `rows` holds the cells as they are read. */
export function figure(title, picture, head, rows, note = null) {
  if (!rows.length) return h("figure", { class: "picture" }, h("figcaption", {}, title), h("p", { class: "soft" }, t("no_data")));
  return h("figure", { class: "picture" }, h("figcaption", {}, title, note && h("span", { class: "soft" }, note)), picture,
    h("details", {}, h("summary", {}, t("as_table")), table(title, head, rows)));
}

/** A table. */
export function table(title, head, rows) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
    h("table", {}, h("thead", {}, h("tr", {}, head.map((each) => h("th", { scope: "col" }, each)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));
}

/** A picture for those who see it, its sentence for everybody else. */
function picture(width, height, sentence, ...shapes) {
  const id = `picture-${++count}`;
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": id, class: "chart" }, svg("title", { id }, sentence), shapes);
}

const text = (x, y, words, props = {}) => svg("text", { x, y, ...props }, words);

/** A ring of which a share is filled, with the share in the middle. */
export function ring(share, words, sentence) {
  const round = 2 * Math.PI * 52;
  return picture(140, 140, sentence,
    svg("circle", { cx: 70, cy: 70, r: 52, class: "ring-rest" }),
    share > 0 && svg("circle", { cx: 70, cy: 70, r: 52, class: "ring-part", "stroke-dasharray": `${round * share} ${round}`, transform: "rotate(-90 70 70)" }),
    text(70, 79, words, { class: "ring-words", "text-anchor": "middle" }));
}

/** Columns of two parts by day: [{name, low, high}] with `low` of `high`'s column below. */
export function columns(days, sentence) {
  const width = 1090;
  const height = 220;
  const floor = 190;
  const most = Math.max(4, ...days.map((each) => each.low + each.high));
  const step = (width - 40) / days.length;
  const wide = Math.min(56, step * 0.64);
  const tall = (value) => (value / most) * 165;
  const every = Math.ceil(days.length / 10);
  return picture(width, height, sentence,
    [0, 0.5, 1].map((part) => [svg("line", { x1: 36, x2: width, y1: floor - 165 * part, y2: floor - 165 * part, class: "grid" }),
      text(30, floor - 165 * part + 4, number(most * part), { "text-anchor": "end", class: "axis" })]),
    days.map((each, place) => {
      const x = 40 + step * place + (step - wide) / 2;
      return [svg("rect", { x, y: floor - tall(each.low), width: wide, height: tall(each.low), rx: 3, class: "bar-low" }),
        svg("rect", { x, y: floor - tall(each.low + each.high), width: wide, height: tall(each.high), rx: 3, class: "bar-high" }),
        place % every === 0 && text(x + wide / 2, floor + 20, each.name, { "text-anchor": "middle", class: "axis" })];
    }));
}

/** Bars with their names: [[words, value, shown]]; `width` is that of the place they stand in. */
export function bars(rows, sentence, width = 240) {
  const most = Math.max(1, ...rows.map(([, value]) => value));
  const height = rows.length * 46;
  const long = width - 60;
  return picture(width, height, sentence, rows.map(([words, value, shown], place) => {
    const y = place * 46;
    return [text(0, y + 15, words, { class: "bar-words" }),
      svg("rect", { x: 0, y: y + 22, width: long, height: 12, rx: 6, class: "bar-rest" }),
      value > 0 && svg("rect", { x: 0, y: y + 22, width: Math.max(12, (value / most) * long), height: 12, rx: 6, class: "bar-low" }),
      text(long + 10, y + 33, shown ?? number(value), { class: "bar-value" })];
  }));
}

/** The two colours of the columns, in words. */
export function legend(low, high) {
  return h("p", { class: "legend" }, h("span", { class: "key-low" }, low), h("span", { class: "key-high" }, high));
}
