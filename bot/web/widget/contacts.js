/**
 * The telephone numbers of the emergency strip, in one place, so that they show even when no server answers.
 *
 * A test holds this file against data/facts/contacts.yml: change a number there first.
 */

const SHARED = [
  { id: "cyber_care", number: "02 552 51 65", dial: "+3225525165" },
  { id: "card_stop", number: "078 170 170", dial: "+3278170170" },
  { id: "emergency", number: "112", dial: "112" },
];

const CRISIS = {
  en: { id: "crisis", number: "02 648 40 14", dial: "+3226484014" },
  nl: { id: "crisis", number: "1813", dial: "1813" },
  fr: { id: "crisis", number: "0800 32 123", dial: "+3280032123" },
};

/** The insurer's own helpline, for sentences that name it. */
export const HELPLINE = SHARED[0];

/** The numbers shown in one language, most often needed first. */
export function contactsFor(language) {
  return [...SHARED, CRISIS[language]];
}
