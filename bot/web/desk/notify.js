/** Tells staff who look elsewhere: the title of the tab, a soft sound, a notification of the system. */

import { prefs } from "./prefs.js";

let audio = null;

/** Shows how many wait in the title of the tab. */
export function showCount(count, title) {
  document.title = count ? `(${count}) ${title}` : title;
}

/** Makes itself heard, and seen if the tab is in the background; nothing of the conversation is in it. */
export function notify(title, body, id, open) {
  if (prefs.sound) beep();
  if (!prefs.notify || !document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  // Two consoles of one browser show it once, and two customers do not replace each other.
  const shown = new Notification(title, { body, tag: `cybercare-desk:${id}` });
  shown.addEventListener("click", () => {
    window.focus();
    open(id);
    shown.close();
  });
}

/** Asks for the permission to show notifications; says whether there is one. */
export async function mayNotify() {
  return "Notification" in window && (await Notification.requestPermission()) === "granted";
}

async function beep() {
  try {
    // Without a press of a key or button first, browsers stay silent.
    if (!navigator.userActivation?.hasBeenActive) return;
    audio ??= new AudioContext();
    // It begins asleep, also where it may be heard.
    await audio.resume();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const now = audio.currentTime;
    tone.frequency.setValueAtTime(660, now);
    tone.frequency.setValueAtTime(880, now + 0.09);
    volume.gain.setValueAtTime(0.08, now);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(now);
    tone.stop(now + 0.36);
  } catch {
    // No sound on this machine.
  }
}
