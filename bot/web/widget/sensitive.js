/** Finds what a customer must not send: card numbers, secret codes and passwords. The server looks again, more closely. */

const SPACE = "[ \\u00a0\\u202f.-]";
const DIGITS = new RegExp(`(?<!\\w)\\d(?:${SPACE}?\\d){12,}(?!\\w)`, "g");
// "pin", "pin of my card is", "le mot de passe de ma banque :": a few words may stand between the name and the secret.
const IS = "(?<is>\\s*[:=]|\\s+(?:is|was|luidt|est|était|c['’]est))";
const WORDS = "(?:\\s+\\p{L}+){0,4}?";
const NAMES = "code\\s+pin|pin(?:\\s?-?code)?|cv[cv]2?|geheime\\s+code|code\\s+secret|secret\\s+code|kaartcode";
const CODE = new RegExp(`(?<!\\p{L})(?:${NAMES})${WORDS}${IS}?\\s*(?<secret>\\d(?:[ -]?\\d){2,7})(?![\\w/]|[.,-]\\d)`, "giu");
const PASSWORD = new RegExp(`(?<!\\p{L})(?:pass(?:word|code)s?|pwd|(?:wacht|pas)woord(?:en)?|mots?\\s+de\\s+passe|mdp)${WORDS}${IS}\\s*["'«“‘]?(?<secret>[^\\s"'»”’]{4,64})`, "giu");
const LOOKS_SECRET = /^(?:(?=.*\p{L})(?=.*[\d!@#$%^&*_+=?]).{5,}|\d{4,})$/u;
// A code of six digits may be the one we mailed.
const ONE_TIME = 6;

/** All places in a text, each {start, end}. */
export function findSensitive(text) {
  const cards = [...text.matchAll(DIGITS)].flatMap((match) => cardsIn(match[0], match.index));
  const codes = [
    ...[...text.matchAll(CODE)].filter(({ groups }) => groups.secret.replace(/\D/g, "").length !== ONE_TIME),
    ...[...text.matchAll(PASSWORD)].filter(isSecret),
  ].map((match) => {
    const end = match.index + match[0].length;
    return { start: end - match.groups.secret.length, end };
  });
  return [...cards, ...codes].sort((one, other) => other.start - one.start);
}

/** The text with stars in these places. */
export function masked(text, places) {
  return places.reduce((rest, { start, end }) => `${rest.slice(0, start)}****${rest.slice(end)}`, text);
}

/** "My password is gone" gives none away. */
function isSecret({ groups: { is, secret } }) {
  return /^[:=]$/.test(is.trim()) || LOOKS_SECRET.test(secret.replace(/[.,;!?]+$/, ""));
}

/** Card numbers in a run of digits, in which a date or a check code may stand before or after them. */
function cardsIn(run, offset) {
  const groups = [...run.matchAll(/\d+/g)];
  const found = [];
  for (let first = 0; first < groups.length; first += 1) {
    for (let last = Math.min(groups.length, first + 6); last > first; last -= 1) {
      if (!isCard(groups.slice(first, last).map(([digits]) => digits))) continue;
      const end = groups[last - 1];
      found.push({ start: offset + groups[first].index, end: offset + end.index + end[0].length });
      first = last - 1;
      break;
    }
  }
  return found;
}

/** By its check digit. Cards are printed in groups of three digits or more; a Bancontact card ends in a single one. */
function isCard(groups) {
  const digits = groups.join("");
  if (digits.length < 13 || digits.length > 19 || !/^[2-6]/.test(digits)) return false;
  const sizes = groups.map((group) => group.length);
  if (Math.min(...sizes) < 3 && sizes.join() !== "4,4,4,4,1") return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = digit * (1 + (index % 2));
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
