/** Times, durations and numbers as people here write them. */

import { language, t } from "./strings.js";

const locale = () => `${language()}-BE`;
const ZONE = "Europe/Brussels";

const sameDay = (one, other) => one.toDateString() === other.toDateString();

/** A clock time, with the day if it is not today. */
export function when(moment) {
  const at = new Date(moment);
  const time = at.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
  if (sameDay(at, new Date())) return time;
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
