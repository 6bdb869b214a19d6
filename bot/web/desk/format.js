/** Times, durations and numbers as people here write them; every day and time is Belgian, wherever the screen is. */

import { language, t } from "./strings.js";

const locale = () => `${language()}-BE`;
const ZONE = "Europe/Brussels";

// Swedish writes dates as ISO 8601 does.
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const WALL = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "medium" });

/** The day a moment falls on, as 2026-01-31. */
export function dayOf(moment) {
  return DAY.format(new Date(moment));
}

/** Today, or some days ago, as 2026-01-31. */
export function daysAgo(count) {
  // From noon, so that an hour more or less in spring and autumn changes no day.
  return new Date(Date.parse(`${dayOf(Date.now())}T12:00:00Z`) - count * 86_400_000).toISOString().slice(0, 10);
}

/** The moment that a date and time typed here (2026-01-31T10:00) mean. */
export function momentOf(typed) {
  const wall = Date.parse(`${typed}Z`);
  // How far the clocks here are ahead; asked again nearer by, because they change twice a year.
  const ahead = (at) => Date.parse(`${WALL.format(new Date(at)).replace(" ", "T")}Z`) - at;
  return new Date(wall - ahead(wall - ahead(wall))).toISOString();
}

/** A clock time, with the day if it is not today. */
export function when(moment) {
  const at = new Date(moment);
  const time = at.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
  if (dayOf(at) === dayOf(Date.now())) return time;
  return `${at.toLocaleDateString(locale(), { day: "numeric", month: "short", timeZone: ZONE })}, ${time}`;
}

/** A day. */
export function day(value, options = { day: "numeric", month: "short", year: "numeric" }) {
  return new Date(value).toLocaleDateString(locale(), { timeZone: ZONE, ...options });
}

/** How long something takes, in its two largest units. */
export function duration(seconds) {
  if (seconds == null) return "–";
  const minutes = Math.floor(seconds / 60);
  if (seconds < 60) return t("seconds", { count: Math.max(0, Math.round(seconds)) });
  if (minutes < 60) return t("minutes", { count: minutes });
  if (minutes < 48 * 60) return `${t("hours", { count: Math.floor(minutes / 60) })} ${t("minutes", { count: minutes % 60 })}`;
  return t("days", { count: Math.floor(minutes / 1440) });
}

/** How long ago a moment is, in whole minutes at least. */
export function since(moment) {
  const seconds = (Date.now() - new Date(moment)) / 1000;
  return seconds < 60 ? t("just_now") : duration(seconds);
}

/** A share between 0 and 1. */
export function percent(share, digits = 0) {
  return share == null ? "–" : new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: digits }).format(share);
}

/** An amount in euros. */
export function euros(amount) {
  return new Intl.NumberFormat(locale(), { style: "currency", currency: "EUR" }).format(Number(amount));
}

/** A number. */
export function number(value, digits = 0) {
  return value == null ? "–" : new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** A size of a file. */
export function size(bytes) {
  return bytes < 1e6 ? `${number(Math.ceil(bytes / 1000))} kB` : `${number(bytes / 1e6, 1)} MB`;
}
