/** Every sentence the widget itself says (not the assistant), in the three languages of its customers. */

import { HELPLINE } from "./contacts.js";

export const LANGUAGE_NAMES = { en: "English", nl: "Nederlands", fr: "Français" };
export const LANGUAGES = Object.keys(LANGUAGE_NAMES);

// Kept on one line wherever the sentence breaks.
const PHONE = HELPLINE.replaceAll(" ", "\u00a0");

// Each sentence in English, Dutch and French.
const WORDS = {
  launcher: ["Need help?", "Hulp nodig?", "Besoin d’aide\u00a0?"],
  launcherAgain: ["Continue chat", "Verder chatten", "Reprendre le chat"],
  unread: [
    (count) => (count === 1 ? "1 new message" : `${count} new messages`),
    (count) => (count === 1 ? "1 nieuw bericht" : `${count} nieuwe berichten`),
    (count) => (count === 1 ? "1 nouveau message" : `${count} nouveaux messages`),
  ],
  panel: ["Cyber Care chat", "Chat van Cyber Care", "Chat Cyber Care"],
  agent: {
    bot: [
      () => "You are talking with an AI assistant",
      () => "Je praat met een AI-assistent",
      () => "Vous parlez avec un assistant IA",
    ],
    waiting: [
      (name, place, minutes) => `Waiting for a colleague${place ? ` · number ${place} in line` : ""}${minutes ? ` · about ${minutes} min` : ""}`,
      (name, place, minutes) => `Wachten op een collega${place ? ` · nummer ${place} in de rij` : ""}${minutes ? ` · ongeveer ${minutes} min` : ""}`,
      (name, place, minutes) => `En attente d’un collègue${place ? ` · numéro ${place} dans la file` : ""}${minutes ? ` · environ ${minutes} min` : ""}`,
    ],
    human: [
      (name) => `You are talking with ${name} from support`,
      (name) => `Je praat met ${name} van support`,
      (name) => `Vous parlez avec ${name}, du support`,
    ],
  },
  menu: ["Options", "Opties", "Options"],
  language: ["Language", "Taal", "Langue"],
  close: ["Close chat", "Chat sluiten", "Fermer le chat"],
  contacts: ["Urgent help by phone", "Dringende hulp per telefoon", "Aide urgente par téléphone"],
  contact: {
    cyber_care: ["Helpline 24/7", "Hulplijn 24/7", "Aide 24 h/24"],
    card_stop: ["Card Stop", "Card Stop", "Card Stop"],
    emergency: ["Emergency", "Noodgeval", "Urgences"],
    crisis: ["Crisis line", "Zelfmoordlijn", "Suicide\u00a0: écoute"],
  },
  conversation: ["Conversation", "Gesprek", "Conversation"],
  authors: {
    bot: ["Assistant", "Assistent", "Assistant"],
    customer: ["You", "Jij", "Vous"],
    staff: ["Cyber Care team", "Team Cyber Care", "Équipe Cyber Care"],
    system: ["Notice", "Melding", "Information"],
  },
  typing: ["Writing a reply", "Antwoord wordt geschreven", "Réponse en cours de rédaction"],
  more: ["Read on", "Lees verder", "Lire la suite"],
  answers: ["Suggested answers", "Mogelijke antwoorden", "Réponses proposées"],
  edit: ["Edit", "Wijzigen", "Modifier"],
  newWindow: ["opens in a new tab", "opent in een nieuw tabblad", "s’ouvre dans un nouvel onglet"],
  progress: [(step, of) => `${step} of ${of}`, (step, of) => `${step} van ${of}`, (step, of) => `${step} sur ${of}`],
  message: ["Your message", "Je bericht", "Votre message"],
  field: {
    date: [
      "Pick a date, or write it below",
      "Kies een datum, of schrijf ze hieronder",
      "Choisissez une date, ou écrivez-la",
    ],
    amount: ["Amount in euro", "Bedrag in euro", "Montant en euros"],
    code: ["The code from your e-mail", "De code uit je e-mail", "Le code reçu par e-mail"],
  },
  problem: {
    date: ["Please pick a day.", "Kies een dag.", "Choisissez un jour."],
    amount: [
      "Please write an amount, for example 89.95.",
      "Schrijf een bedrag, bijvoorbeeld 89,95.",
      "Écrivez un montant, par exemple 89,95.",
    ],
    code: ["Please fill in the code.", "Vul de code in.", "Indiquez le code."],
  },
  answer: ["Answer", "Antwoorden", "Répondre"],
  placeholder: ["Write a message", "Schrijf een bericht", "Écrivez un message"],
  send: ["Send", "Versturen", "Envoyer"],
  hint: [
    "Never share passwords, PINs or card numbers.",
    "Deel nooit wachtwoorden, codes of kaartnummers.",
    "Jamais de mot de passe, code ou numéro de carte ici.",
  ],
  left: [
    (count) => `${count} characters left`,
    (count) => `nog ${count} tekens`,
    (count) => `encore ${count} caractères`,
  ],
  tooLong: [
    (count) => `${count} characters too many`,
    (count) => `${count} tekens te veel`,
    (count) => `${count} caractères de trop`,
  ],
  sound: ["Sound for new messages", "Geluid bij nieuwe berichten", "Son à chaque nouveau message"],
  copy: ["Copy conversation", "Gesprek kopiëren", "Copier la conversation"],
  copied: ["The conversation is copied.", "Het gesprek is gekopieerd.", "La conversation est copiée."],
  transcript: ["Download conversation", "Gesprek downloaden", "Télécharger la conversation"],
  end: ["End conversation", "Gesprek beëindigen", "Terminer la conversation"],
  notNow: [
    "That did not work just now. Please try again in a moment.",
    "Dat lukte nu niet. Probeer het zo meteen opnieuw.",
    "Cela n’a pas fonctionné. Réessayez dans un instant.",
  ],
  attach: ["Add files", "Bestanden toevoegen", "Ajouter des fichiers"],
  files: ["Files for this message", "Bestanden bij dit bericht", "Fichiers de ce message"],
  fileWarning: [
    "Screenshots, invoices, letters: welcome. Never send intimate images, or pictures of a bank card or identity card.",
    "Schermafbeeldingen, facturen, brieven: welkom. Stuur nooit intieme beelden, of foto’s van een bankkaart of identiteitskaart.",
    "Captures d’écran, factures, lettres\u00a0: bienvenues. N’envoyez jamais d’images intimes, ni de photo d’une carte bancaire ou d’identité.",
  ],
  chooseFiles: ["Choose files", "Bestanden kiezen", "Choisir des fichiers"],
  takePhoto: ["Take a photo", "Foto maken", "Prendre une photo"],
  uploading: ["Uploading…", "Wordt geüpload…", "Envoi en cours…"],
  ready: ["ready to send", "klaar om te versturen", "prêt à envoyer"],
  fileFailed: ["Not uploaded", "Niet geüpload", "Pas envoyé"],
  again: ["Try again", "Opnieuw", "Réessayer"],
  uploadsFirst: [
    "You can send as soon as the files are there.",
    "Je kunt versturen zodra de bestanden er zijn.",
    "Vous pourrez envoyer dès que les fichiers seront là.",
  ],
  refused: {
    too_large: ["Too large: 10 MB at most", "Te groot: hoogstens 10 MB", "Trop grand\u00a0: 10 Mo au maximum"],
    file_empty: ["There is nothing in this file", "Er zit niets in dit bestand", "Ce fichier est vide"],
    file_type_refused: [
      "This kind of file cannot be kept. A picture, PDF or text can",
      "Dit soort bestand kunnen we niet bewaren. Een foto, pdf of tekst wel",
      "Ce type de fichier ne peut pas être conservé. Une image, un PDF ou un texte, oui",
    ],
    too_many_files: [
      "No more than 10 files with one message",
      "Hoogstens 10 bestanden per bericht",
      "Pas plus de 10 fichiers par message",
    ],
    other: ["This file could not be kept", "Dit bestand konden we niet bewaren", "Ce fichier n’a pas pu être conservé"],
  },
  fileState: {
    waiting: ["being checked", "wordt nagekeken", "en cours de vérification"],
    kept: ["added to your file", "toegevoegd aan je dossier", "ajouté à votre dossier"],
    given: ["download", "downloaden", "télécharger"],
  },
  secretFound: [
    "This looks like a card number, password or secret code. We never need it, and nobody from us will ever ask for it.",
    "Dit lijkt een kaartnummer, wachtwoord of geheime code. Wij hebben dat nooit nodig, en niemand van ons vraagt er ooit naar.",
    "Cela ressemble à un numéro de carte, un mot de passe ou un code secret. Nous n’en avons jamais besoin, et personne chez nous ne vous le demandera.",
  ],
  hideAndSend: ["Hide it and send", "Verbergen en versturen", "Masquer et envoyer"],
  change: ["Change my message", "Bericht aanpassen", "Modifier mon message"],
  rateQuestion: ["How well were you helped?", "Hoe goed ben je geholpen?", "Avez-vous été bien aidé\u00a0?"],
  score: [(score) => `${score} of 5`, (score) => `${score} van 5`, (score) => `${score} sur 5`],
  reason: [
    "What could be better? (optional)",
    "Wat kan er beter? (hoeft niet)",
    "Que pouvons-nous améliorer\u00a0? (facultatif)",
  ],
  rate: ["Send", "Versturen", "Envoyer"],
  rateFirst: ["Please choose from one to five.", "Kies van één tot vijf.", "Choisissez de un à cinq."],
  skip: ["Skip", "Overslaan", "Passer"],
  thanks: ["Thank you. Take care of yourself.", "Dank je wel. Zorg goed voor jezelf.", "Merci. Prenez soin de vous."],
  anew: ["New conversation", "Nieuw gesprek", "Nouvelle conversation"],
  sending: ["Sending…", "Wordt verstuurd…", "Envoi en cours…"],
  waiting: ["Waiting for connection", "Wacht op verbinding", "En attente de connexion"],
  failed: [
    "Not sent – tap to try again",
    "Niet verstuurd – tik om opnieuw te proberen",
    "Non envoyé – touchez pour réessayer",
  ],
  remove: ["Remove", "Verwijderen", "Supprimer"],
  connecting: ["Connecting…", "Verbinden…", "Connexion…"],
  offline: [
    "You are offline. What you write is kept and sent once you are back.",
    "Je bent offline. Wat je schrijft, bewaren we en versturen we zodra je weer verbinding hebt.",
    "Vous êtes hors ligne. Ce que vous écrivez est conservé et sera envoyé dès votre retour.",
  ],
  down: [
    `We can't reach the assistant right now. What you write is kept and sent later. Urgent? Call ${PHONE}.`,
    `We kunnen de assistent nu niet bereiken. Wat je schrijft, blijft bewaard en wordt later verstuurd. Dringend? Bel ${PHONE}.`,
    `L’assistant est injoignable pour le moment. Ce que vous écrivez est conservé et sera envoyé plus tard. C’est urgent\u00a0? Appelez le ${PHONE}.`,
  ],
  expired: [
    "Your earlier conversation was closed after a while, to protect your data. This is a new one.",
    "Je vorige gesprek werd na een tijd afgesloten, om je gegevens te beschermen. Dit is een nieuw gesprek.",
    "Votre conversation précédente a été fermée après un certain temps, pour protéger vos données. En voici une nouvelle.",
  ],
};

const ALL = Object.fromEntries(LANGUAGES.map((language, place) => [language, inLanguage(WORDS, place)]));

function inLanguage(words, place) {
  if (Array.isArray(words)) return words[place];
  return Object.fromEntries(Object.entries(words).map(([name, inner]) => [name, inLanguage(inner, place)]));
}

/** The nearest language the widget speaks ("nl-BE" is "nl", anything unknown is English). */
export function knownLanguage(language) {
  const short = String(language ?? "").slice(0, 2).toLowerCase();
  return LANGUAGES.includes(short) ? short : "en";
}

/** The widget's own sentences in one language. */
export function stringsFor(language) {
  return ALL[knownLanguage(language)];
}
