/** The telephone numbers of the emergency strip. A test holds them against data/facts/contacts.yml: change one there first. */

/** The insurer's own helpline, for sentences that name it. */
export const HELPLINE = "02 552 51 65";
const CRISIS = { en: "02 648 40 14", nl: "1813", fr: "0800 32 123" };

/** The numbers shown in one language, most often needed first. */
export function contactsFor(language) {
  const numbers = { cyber_care: HELPLINE, card_stop: "078 170 170", emergency: "112", crisis: CRISIS[language] };
  return Object.entries(numbers).map(([id, number]) => ({ id, number, dial: number.replace(/^0/, "+32").replaceAll(" ", "") }));
}
