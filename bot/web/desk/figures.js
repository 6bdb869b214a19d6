/** The supervisor's page: how many were helped, how fast, how well, and where people got lost. */

import { get } from "./api.js";
import { bars, columns, figure, legend, ring, table } from "./charts.js";
import { button, field, h } from "./dom.js";
import { day, daysAgo, duration, number, percent } from "./format.js";
import { language, t } from "./strings.js";
import { words } from "./words.js";

const PRIORITIES = ["urgent", "high", "normal", "low"];
const EVERY = 60_000;

/** Shows the figures in `main`; returns what ends it. */
export function figuresPage(main, context) {
  const from = h("input", { type: "date", value: daysAgo(6), "data-testid": "from" });
  const to = h("input", { type: "date", value: daysAgo(0) });
  const problem = h("p", { class: "problem", role: "alert" });
  const body = h("div", { class: "pictures", "data-testid": "figures" });
  const csv = h("a", { class: "button", download: "figures.csv", "data-testid": "csv" }, t("csv"));
  const training = h("a", { class: "button", href: "/desk/api/feedback.yml", download: "feedback.yml" }, t("training_export"));
  const load = async () => {
    const query = new URLSearchParams({ from: from.value, to: to.value });
    csv.href = `/desk/api/figures.csv?${query}&language=${language()}`;
    try {
      const found = await get(`/figures?${query}`);
      problem.textContent = "";
      const open = [...body.querySelectorAll("details")].map((each) => each.open);
      body.replaceChildren(...pictures(found));
      body.querySelectorAll("details").forEach((each, place) => (each.open = open[place] ?? false));
    } catch (refused) {
      problem.textContent = refused.words ?? t("error_unknown", { code: refused.message });
    }
  };
  const preset = (count) => button(t("last_days", { count }), () => {
    from.value = daysAgo(count - 1);
    to.value = daysAgo(0);
    load();
  }, { class: "button small" });
  from.addEventListener("change", load);
  to.addEventListener("change", load);
  main.append(h("div", { class: "page figures" },
    h("div", { class: "page-head" }, h("h1", {}, t("page_figures")), h("div", { class: "period" }, [7, 30, 90].map(preset), field(t("figures_from"), from), field(t("figures_to"), to)),
      context.may("export") && h("div", { class: "actions" }, csv, training)), problem, body));
  load();
  const timer = setInterval(() => !document.hidden && load(), EVERY);
  return () => clearInterval(timer);
}

function pictures(found) {
  return [h("div", { class: "tiles" }, contained(found), fast(found), waiting(found), rated(found)), byDay(found),
    h("div", { class: "halves" }, reasons(found), abandoned(found)), notUnderstood(found)];
}

function tile(title, big, note, picture) {
  return h("section", { class: "tile" }, h("h2", {}, title), big && h("p", { class: "big" }, big), picture, note.map((each) => h("p", { class: "soft" }, each)));
}

function contained({ containment, contained: part, conversations: whole }) {
  const sentence = `${t("containment")}: ${percent(containment)}`;
  return tile(t("containment"), null, [t("of_conversations", { part: number(part), whole: number(whole) })], ring(containment ?? 0, percent(containment), sentence));
}

function fast({ to_person: wait, levels }) {
  const rows = [[t("median"), wait.median_seconds ?? 0, duration(wait.median_seconds)], [t("slowest_tenth"), wait.slowest_tenth_seconds ?? 0, duration(wait.slowest_tenth_seconds)]];
  return tile(t("to_person"), null, [t("levels_kept", { share: percent(levels.share) })], bars(rows, rows.map(([name, , shown]) => `${name}: ${shown}`).join(", ")));
}

function waiting({ waiting_now: now, resolved, handed_back: back }) {
  const rows = PRIORITIES.filter((each) => now.by_priority[each]).map((each) => [t(`priority_${each}`), now.by_priority[each]]);
  const sentence = rows.map(([name, value]) => `${name}: ${value}`).join(", ");
  return h("div", { class: "stack" },
    tile(t("waiting_now"), number(now.count), now.count ? [t("longest_wait", { time: duration(now.longest_seconds) })] : [], rows.length ? bars(rows, sentence) : null),
    tile(t("resolved"), number(resolved), [t("handed_back", { count: number(back) })], null));
}

function rated({ rating }) {
  const rows = [5, 4, 3, 2, 1].map((score) => ["★".repeat(score), rating.by_score[score] ?? 0]);
  const sentence = rows.map(([, value], place) => `${t("stars", { count: 5 - place })}: ${value}`).join(", ");
  return tile(t("average_rating"), number(rating.average, 1), [t("ratings", { count: number(rating.count) })], bars(rows, sentence));
}

function byDay({ by_day: all }) {
  const shown = all.map((each) => ({ name: day(each.day, { day: "numeric", month: "short" }), low: Math.max(0, each.conversations - each.to_person), high: each.to_person }));
  const sentence = shown.map((each) => `${each.name}: ${each.low + each.high}`).join(", ");
  return figure(t("by_day"), h("div", {}, legend(t("alone"), t("with_person")), columns(shown, sentence)), [t("day"), t("alone"), t("with_person")],
    shown.map((each) => [each.name, number(each.low), number(each.high)]));
}

function reasons({ reasons: all }) {
  return counted(t("reasons_title"), Object.entries(all).map(([reason, value]) => [t(`reason_${reason}`) || reason, value]));
}

function abandoned({ abandoned: all }) {
  const known = words(language());
  const label = ({ incident, question }) => (known.questions[incident] ?? known.questions.other).find((each) => each.id === question)?.label ?? question;
  return counted(t("abandoned"), all.map((each) => [`${known.incidents[each.incident] ?? t("incident")}: ${label(each)}`, each.count]));
}

function counted(title, all) {
  const rows = all.slice(0, 8);
  return figure(title, rows.length && bars(rows, rows.map(([name, value]) => `${name}: ${value}`).join(", "), 480), [t("what"), t("count")], all.map(([name, value]) => [name, number(value)]));
}

function notUnderstood({ not_understood: found }) {
  const names = words(language()).intents;
  const note = found.count ? ` ${number(found.count)} · ${t("of_messages", { share: percent(found.share, 1) })}` : null;
  const rows = found.examples.map((each) => [h("a", { href: `/desk#${each.conversation}` }, each.text), `${names[each.intent] ?? each.intent ?? "–"} ${percent(each.confidence)}`, names[each.feedback] ?? each.feedback ?? "–"]);
  const shown = rows.length ? table(t("not_understood"), [t("message"), t("guessed"), t("meant")], rows) : h("p", { class: "soft" }, t("no_data"));
  return h("section", { class: "picture" }, h("h2", {}, t("not_understood"), note && h("span", { class: "soft" }, note)), shown);
}
