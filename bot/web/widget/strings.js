/** Every sentence the widget itself says (not the assistant), in the three languages of its customers. */

import { HELPLINE } from "./contacts.js";

export const LANGUAGE_NAMES = { en: "English", nl: "Nederlands", fr: "Français" };
export const LANGUAGES = Object.keys(LANGUAGE_NAMES);

// Kept on one line wherever the sentence breaks.
const PHONE = HELPLINE.replaceAll(" ", "\u00a0");

const EN = {
  launcher: "Need help?",
  launcherAgain: "Continue chat",
  unread: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  panel: "Cyber Care chat",
  subtitle: "Digital assistant (AI)",
  language: "Language",
  close: "Close chat",
  contacts: "Urgent help by phone",
  contact: { cyber_care: "Helpline 24/7", card_stop: "Card Stop", emergency: "Emergency", crisis: "Crisis line" },
  conversation: "Conversation",
  authors: { bot: "Assistant", customer: "You", staff: "Cyber Care team", system: "Notice" },
  typing: "Writing a reply",
  more: "Read on",
  answers: "Suggested answers",
  edit: "Edit",
  newWindow: "opens in a new tab",
  progress: (step, of) => `${step} of ${of}`,
  field: "Your message",
  placeholder: "Write a message",
  send: "Send",
  hint: "Never share passwords, PINs or card numbers.",
  left: (count) => `${count} characters left`,
  tooLong: (count) => `${count} characters too many`,
  sending: "Sending…",
  waiting: "Waiting for connection",
  failed: "Not sent – tap to try again",
  remove: "Remove",
  connecting: "Connecting…",
  offline: "You are offline. What you write is kept and sent once you are back.",
  down: `We can't reach the assistant right now. What you write is kept and sent later. Urgent? Call ${PHONE}.`,
  expired: "Your earlier conversation was closed after a while, to protect your data. This is a new one.",
};

const NL = {
  launcher: "Hulp nodig?",
  launcherAgain: "Verder chatten",
  unread: (count) => (count === 1 ? "1 nieuw bericht" : `${count} nieuwe berichten`),
  panel: "Chat van Cyber Care",
  subtitle: "Digitale assistent (AI)",
  language: "Taal",
  close: "Chat sluiten",
  contacts: "Dringende hulp per telefoon",
  contact: { cyber_care: "Hulplijn 24/7", card_stop: "Card Stop", emergency: "Noodgeval", crisis: "Zelfmoordlijn" },
  conversation: "Gesprek",
  authors: { bot: "Assistent", customer: "Jij", staff: "Team Cyber Care", system: "Melding" },
  typing: "Antwoord wordt geschreven",
  more: "Lees verder",
  answers: "Mogelijke antwoorden",
  edit: "Wijzigen",
  newWindow: "opent in een nieuw tabblad",
  progress: (step, of) => `${step} van ${of}`,
  field: "Je bericht",
  placeholder: "Schrijf een bericht",
  send: "Versturen",
  hint: "Deel nooit wachtwoorden, codes of kaartnummers.",
  left: (count) => `nog ${count} tekens`,
  tooLong: (count) => `${count} tekens te veel`,
  sending: "Wordt verstuurd…",
  waiting: "Wacht op verbinding",
  failed: "Niet verstuurd – tik om opnieuw te proberen",
  remove: "Verwijderen",
  connecting: "Verbinden…",
  offline: "Je bent offline. Wat je schrijft, bewaren we en versturen we zodra je weer verbinding hebt.",
  down: `We kunnen de assistent nu niet bereiken. Wat je schrijft, blijft bewaard en wordt later verstuurd. Dringend? Bel ${PHONE}.`,
  expired: "Je vorige gesprek werd na een tijd afgesloten, om je gegevens te beschermen. Dit is een nieuw gesprek.",
};

const FR = {
  launcher: "Besoin d’aide ?",
  launcherAgain: "Reprendre le chat",
  unread: (count) => (count === 1 ? "1 nouveau message" : `${count} nouveaux messages`),
  panel: "Chat Cyber Care",
  subtitle: "Assistant numérique (IA)",
  language: "Langue",
  close: "Fermer le chat",
  contacts: "Aide urgente par téléphone",
  contact: { cyber_care: "Aide 24 h/24", card_stop: "Card Stop", emergency: "Urgences", crisis: "Suicide : écoute" },
  conversation: "Conversation",
  authors: { bot: "Assistant", customer: "Vous", staff: "Équipe Cyber Care", system: "Information" },
  typing: "Réponse en cours de rédaction",
  more: "Lire la suite",
  answers: "Réponses proposées",
  edit: "Modifier",
  newWindow: "s’ouvre dans un nouvel onglet",
  progress: (step, of) => `${step} sur ${of}`,
  field: "Votre message",
  placeholder: "Écrivez un message",
  send: "Envoyer",
  hint: "Jamais de mot de passe, code ou numéro de carte ici.",
  left: (count) => `encore ${count} caractères`,
  tooLong: (count) => `${count} caractères de trop`,
  sending: "Envoi en cours…",
  waiting: "En attente de connexion",
  failed: "Non envoyé – touchez pour réessayer",
  remove: "Supprimer",
  connecting: "Connexion…",
  offline: "Vous êtes hors ligne. Ce que vous écrivez est conservé et sera envoyé dès votre retour.",
  down: `L’assistant est injoignable pour le moment. Ce que vous écrivez est conservé et sera envoyé plus tard. C’est urgent ? Appelez le ${PHONE}.`,
  expired: "Votre conversation précédente a été fermée après un certain temps, pour protéger vos données. En voici une nouvelle.",
};

const ALL = { en: EN, nl: NL, fr: FR };

/** The nearest language the widget speaks ("nl-BE" is "nl", anything unknown is English). */
export function knownLanguage(language) {
  const short = String(language ?? "").slice(0, 2).toLowerCase();
  return LANGUAGES.includes(short) ? short : "en";
}

/** The widget's own sentences in one language. */
export function stringsFor(language) {
  return ALL[knownLanguage(language)];
}
