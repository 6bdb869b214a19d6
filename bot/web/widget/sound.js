/** Two soft notes for a new message, made by the browser: there is no file to load. Off until the customer asks. */

let speaker;

/** Plays them, where the browser lets it. */
export function chime() {
  try {
    speaker ??= new AudioContext();
    speaker.resume();
    note(587, 0);
    note(784, 0.14);
  } catch {
    // No sound on this device.
  }
}

function note(frequency, delay) {
  const at = speaker.currentTime + delay;
  const tone = speaker.createOscillator();
  const volume = speaker.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.08, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
  tone.connect(volume).connect(speaker.destination);
  tone.start(at);
  tone.stop(at + 0.3);
}
