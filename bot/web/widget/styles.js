/**
 * The look of the widget, as a constructed style sheet: it needs no inline style, so it works under a strict CSP.
 *
 * The closed panel is laid out but invisible, so that a slow phone only has to paint it when it is opened.
 */

const DARK = `
  --cc-accent: #8ad0cc;
  --cc-accent-strong: #a9dedb;
  --cc-on-accent: #07282b;
  --cc-own: #1f5a61;
  --cc-on-own: #f2f8f7;
  --cc-ground: #131a1c;
  --cc-surface: #1f292c;
  --cc-tint: #1d3a3d;
  --cc-ink: #e8edec;
  --cc-soft-ink: #a9b5b6;
  --cc-line: #334044;
  --cc-edge: #7d8b8e;
  --cc-urgent: #33271a;
  --cc-urgent-ink: #f5cfa0;
  --cc-urgent-line: #4a3925;
  --cc-error: #ffb0a8;
  --cc-shadow: 0 1px 2px rgb(0 0 0 / .4), 0 12px 40px rgb(0 0 0 / .55);`;

const CSS = `
:host {
  --cc-accent: #12525a;
  --cc-accent-strong: #0c3e45;
  --cc-on-accent: #ffffff;
  --cc-own: #12525a;
  --cc-on-own: #ffffff;
  --cc-ground: #f5f4f1;
  --cc-surface: #ffffff;
  --cc-tint: #e3efee;
  --cc-ink: #1c2729;
  --cc-soft-ink: #556063;
  --cc-line: #dcdedb;
  --cc-edge: #7c8789;
  --cc-urgent: #fbf0e2;
  --cc-urgent-ink: #6a3608;
  --cc-urgent-line: #eedcc4;
  --cc-error: #a3241c;
  --cc-shadow: 0 1px 2px rgb(20 35 38 / .06), 0 12px 40px rgb(20 35 38 / .18);
  --cc-font: -apple-system, "Segoe UI", Roboto, system-ui, "Helvetica Neue", Arial, sans-serif;
  --cc-z: 2147483000;
  font: 400 16px/1.5 var(--cc-font);
  color: var(--cc-ink);
  letter-spacing: normal;
  text-align: left;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) {${DARK}
} }
:host([theme="dark"]) { color-scheme: dark;${DARK}
}
:host([theme="light"]) { color-scheme: light; }
@media (prefers-contrast: more) { :host { --cc-soft-ink: var(--cc-ink); --cc-line: var(--cc-ink); --cc-edge: var(--cc-ink); --cc-urgent-line: var(--cc-urgent-ink); } }
*, *::before, *::after { box-sizing: border-box; margin: 0; padding: 0; border: 0; }
[hidden] { display: none !important; }
ol, ul { list-style: none; }
button, textarea, input { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; background: none; -webkit-tap-highlight-color: transparent; touch-action: manipulation; }
a { color: inherit; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--cc-accent); outline-offset: 2px; }
.icon { width: 24px; height: 24px; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { position: fixed; z-index: var(--cc-z); right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
  display: flex; align-items: center; gap: 10px; min-height: 56px; padding: 0 22px 0 18px; border-radius: 28px;
  background: var(--cc-accent); color: var(--cc-on-accent); font-weight: 600; box-shadow: var(--cc-shadow); transition: background .15s; }
.launcher:hover { background: var(--cc-accent-strong); }
.badge { position: absolute; top: -5px; right: -3px; min-width: 24px; height: 24px; padding: 0 6px; border-radius: 12px;
  background: #b3261e; color: #fff; border: 2px solid var(--cc-surface); font-size: 13px; line-height: 20px; text-align: center; }

.panel { position: fixed; z-index: var(--cc-z); right: 20px; bottom: 20px; display: flex; flex-direction: column;
  width: 400px; height: min(680px, calc(100vh - 40px)); height: min(680px, calc(100dvh - 40px)); overflow: hidden;
  border-radius: 20px; background: var(--cc-ground); box-shadow: var(--cc-shadow); border: 1px solid var(--cc-line); }
.panel[hidden] { display: flex !important; visibility: hidden; }
.panel:not([hidden]) { animation: arrive .18s ease-out; }
.header { display: flex; align-items: center; gap: 10px; padding: 10px 8px 10px 16px; background: var(--cc-surface); }
[data-mode="human"] .mark { border-radius: 50%; background: var(--cc-accent); color: var(--cc-on-accent); font-weight: 700; }
.mark { display: grid; place-items: center; width: 38px; height: 38px; border-radius: 12px; background: var(--cc-tint); color: var(--cc-accent); flex: none; }
.title { flex: 1; min-width: 0; }
h2 { font-size: 16px; line-height: 1.25; font-weight: 650; }
.title p { font-size: 13px; line-height: 1.3; color: var(--cc-soft-ink); }
.menubox { position: relative; }
.menu { position: absolute; z-index: 2; top: 6px; right: 10px; width: max-content; max-width: min(300px, calc(100vw - 20px)); padding: 6px; border-radius: 14px;
  background: var(--cc-surface); border: 1px solid var(--cc-line); box-shadow: var(--cc-shadow); }
.menu button { display: block; width: 100%; min-height: 44px; padding: 8px 12px; border-radius: 10px; text-align: left; font-size: 15px; }
.menu button:hover { background: var(--cc-ground); }
.menu .languages { display: flex; margin-bottom: 6px; padding-bottom: 6px; border-bottom: 1px solid var(--cc-line); }
.languages button { padding-inline: 9px; }
[aria-pressed="true"] { color: var(--cc-accent); font-weight: 650; }
.menu > [aria-pressed="true"]::after { content: " ✓"; }
.languages [aria-pressed="true"] { text-decoration: underline 2px; text-underline-offset: 5px; }
.round { display: grid; place-items: center; width: 44px; height: 44px; border-radius: 50%; flex: none; color: var(--cc-soft-ink); }
.round:hover { background: var(--cc-ground); color: var(--cc-ink); }
.header :focus-visible, .strip :focus-visible, .scroller:focus-visible { outline-offset: -3px; }

.strip { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 2px; flex: none; padding: 2px 10px;
  background: var(--cc-urgent); color: var(--cc-urgent-ink); border-block: 1px solid var(--cc-urgent-line); }
.strip a { display: flex; flex-direction: column; justify-content: center; min-height: 46px; padding: 4px 6px; border-radius: 8px; text-decoration: none; line-height: 1.25; }
.strip span { font-size: 12px; }
.strip b { font-size: 14px; font-weight: 650; white-space: nowrap; font-variant-numeric: tabular-nums; }
.strip a:hover b { text-decoration: underline; text-underline-offset: 2px; }

.conversation { position: relative; flex: 1; min-height: 0; display: flex; }
.scroller { flex: 1; position: relative; overflow-y: auto; overscroll-behavior: contain; padding: 8px 16px 16px; scrollbar-width: thin; }
.log { display: flex; flex-direction: column; }
.day { align-self: center; margin: 14px 0 2px; font-size: 13px; color: var(--cc-soft-ink); }
.day::first-letter { text-transform: uppercase; }
.message { display: flex; flex-direction: column; align-items: flex-start; gap: 4px; max-width: 88%; margin-top: 4px; }
.message.first { margin-top: 16px; }
.message.customer { align-self: flex-end; align-items: flex-end; max-width: 82%; }
.message.system { align-self: center; align-items: center; text-align: center; color: var(--cc-soft-ink); font-size: 14px; }
.who:not(.quiet) { font-size: 13px; font-weight: 600; color: var(--cc-soft-ink); padding-inline: 4px; }
.staff .who { color: var(--cc-accent); }
.bubble { padding: 10px 14px; border-radius: 18px; background: var(--cc-surface); white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--cc-line); }
.bubble a, .card span a { color: var(--cc-accent); text-underline-offset: 2px; overflow-wrap: anywhere; }
.bot.first .bubble, .staff.first .bubble { border-top-left-radius: 6px; }
.customer .bubble { background: var(--cc-own); border-color: var(--cc-own); color: var(--cc-on-own); border-bottom-right-radius: 6px; }
.customer:not([data-state="sent"]) .bubble { opacity: .82; }
.customer[data-state="failed"] .bubble { opacity: 1; background: var(--cc-surface); color: var(--cc-ink); border-color: var(--cc-error); }
.staff .bubble { background: var(--cc-tint); border-color: var(--cc-tint); }
.system .meta { display: none; }
.system .bubble { padding: 4px 8px; background: none; border: 0; }
.meta { font-size: 12px; line-height: 1.4; color: var(--cc-soft-ink); padding-inline: 4px; text-align: inherit; }
.customer .meta { text-align: right; }
.retry { min-height: 44px; font-size: 14px; font-weight: 600; color: var(--cc-error); text-decoration: underline; text-underline-offset: 3px; }
.remove { margin-left: 16px; color: var(--cc-soft-ink); }
.reason { display: block; }

.card { width: 100%; min-width: min(270px, 100%); padding: 14px; border-radius: 16px; background: var(--cc-surface); border: 1px solid var(--cc-line); overflow-wrap: anywhere; }
.card > * + * { margin-top: 10px; }
h3 { font-size: 16px; line-height: 1.35; font-weight: 650; }
.card ol, .card ul { counter-reset: step; display: grid; gap: 8px; }
.steps li, .points li { display: flex; gap: 10px; }
.steps li::before { counter-increment: step; content: counter(step); flex: none; width: 24px; height: 24px; border-radius: 50%;
  background: var(--cc-tint); color: var(--cc-accent); font-size: 13px; font-weight: 700; line-height: 24px; text-align: center; }
.points li::before { content: ""; flex: none; width: 6px; height: 6px; margin: 9px 2px 0 4px; border-radius: 50%; background: var(--cc-accent); }
.card li span { min-width: 0; }
.helpline { position: relative; display: flex; flex-wrap: wrap; align-items: center; gap: 2px 10px; min-height: 52px; padding: 8px 12px; border-radius: 12px;
  background: var(--cc-tint); color: var(--cc-ink); text-decoration: none; line-height: 1.35; }
a.helpline { padding-left: 42px; }
.helpline .icon { position: absolute; left: 12px; top: 16px; width: 20px; height: 20px; color: var(--cc-accent); }
.helpline b { flex: 1 1 110px; min-width: 0; font-weight: 600; }
.helpline small { flex-basis: 100%; font-size: 13px; color: var(--cc-soft-ink); }
.number, .address { font-weight: 700; color: var(--cc-accent); font-variant-numeric: tabular-nums; }
.number { white-space: nowrap; }
.address { flex-basis: 100%; font-size: 14px; font-weight: 600; }
a.helpline:hover .number, a.helpline:hover .address { text-decoration: underline; text-underline-offset: 3px; }
.card dl > div { position: relative; padding: 8px 0; border-top: 1px solid var(--cc-line); }
.card dl > div:first-child { border-top: 0; }
.card dl > div:last-child { padding-bottom: 0; }
.card dl > .editable { min-height: 60px; padding-right: 84px; }
dt { font-size: 13px; color: var(--cc-soft-ink); }
dd { white-space: pre-wrap; }
.edit { position: absolute; right: -8px; top: calc(50% - 22px); min-width: 44px; min-height: 44px; padding: 0 8px; border-radius: 10px; font-size: 14px; font-weight: 600;
  color: var(--cc-accent); text-decoration: underline; text-underline-offset: 3px; }
.edit:hover { background: var(--cc-tint); }
.progress { display: flex; align-items: center; gap: 10px; width: 100%; min-width: 200px; padding-inline: 4px; font-size: 13px; color: var(--cc-soft-ink); }
progress { flex: 1; appearance: none; height: 4px; border-radius: 2px; overflow: hidden; background: var(--cc-line); }
progress::-webkit-progress-bar { background: var(--cc-line); }
progress::-webkit-progress-value { background: var(--cc-accent); border-radius: 2px; }
progress::-moz-progress-bar { background: var(--cc-accent); border-radius: 2px; }

.typing:not(:empty) { margin-top: 12px; }
.dots { display: inline-flex; gap: 5px; padding: 15px 16px; border-radius: 18px; border-top-left-radius: 6px; background: var(--cc-surface); border: 1px solid var(--cc-line); }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--cc-soft-ink); animation: breathe 1.4s infinite ease-in-out; }
.dots i:nth-child(2) { animation-delay: .18s; }
.dots i:nth-child(3) { animation-delay: .36s; }
.quick { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 14px; }
.quick button { min-height: 44px; padding: 9px 15px; border-radius: 22px; background: var(--cc-surface); color: var(--cc-accent); font-size: 15px; border: 1.5px solid var(--cc-accent);
  font-weight: 600; line-height: 1.3; text-align: left; overflow-wrap: anywhere; transition: background .12s; }
.quick button:hover { background: var(--cc-tint); }
.more { position: absolute; bottom: 8px; right: 12px; display: grid; place-items: center; width: 44px; height: 44px;
  border-radius: 50%; background: var(--cc-surface); color: var(--cc-accent); box-shadow: var(--cc-shadow); border: 1px solid var(--cc-line); }

.answering > :not([hidden]), .rating { padding: 12px 16px; background: var(--cc-surface); border-top: 1px solid var(--cc-line); }
.answering, .rating { max-height: 70%; overflow-y: auto; flex: none; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-top: 8px; }
.solid { min-height: 44px; padding: 8px 18px; border-radius: 22px; background: var(--cc-accent); color: var(--cc-on-accent); font-weight: 600; }
.solid:hover { background: var(--cc-accent-strong); }
.link { min-height: 44px; padding: 0 10px; font-weight: 600; color: var(--cc-accent); text-decoration: underline; text-underline-offset: 3px; }
.answer label, .rating label, legend { font-size: 14px; font-weight: 600; }
.answer .row { flex-wrap: nowrap; }
.slot { flex: 1; min-width: 0; }
.slot input, .rating textarea { display: block; width: 100%; min-height: 44px; padding: 8px 14px; border: 1.5px solid var(--cc-edge); border-radius: 12px; background: var(--cc-surface); }
.problem:not(:empty) { margin-top: 6px; font-size: 14px; color: var(--cc-error); }
.caution { background: var(--cc-urgent) !important; color: var(--cc-urgent-ink); }
.warning { font-size: 13px; line-height: 1.4; padding: 8px 12px; border-radius: 10px; background: var(--cc-urgent); color: var(--cc-urgent-ink); }
.pickers { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.pick { position: relative; display: inline-flex; align-items: center; gap: 8px; min-height: 44px; padding: 6px 14px; border-radius: 22px; border: 1.5px solid var(--cc-accent);
  color: var(--cc-accent); font-size: 15px; font-weight: 600; cursor: pointer; }
.pick:hover { background: var(--cc-tint); }
.pick:focus-within { outline: 3px solid var(--cc-accent); outline-offset: 2px; }
.files { display: grid; gap: 6px; width: 100%; }
.tray .files { margin-top: 8px; max-height: min(176px, 20vh); overflow-y: auto; }
.file { display: flex; align-items: center; gap: 10px; min-width: min(230px, 100%); padding: 6px; border-radius: 12px; background: var(--cc-surface); border: 1px solid var(--cc-line); text-align: left; }
.message .file { width: 100%; padding-right: 14px; }
button.file:hover { background: var(--cc-tint); }
.file b { display: block; font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
.told { flex: 1; min-width: 0; line-height: 1.35; }
.state { font-size: 13px; color: var(--cc-soft-ink); }
[data-state="refused"] .state, [data-state="lost"] .state, .tray [data-state="failed"] .state { color: var(--cc-error); }
.told progress { display: block; width: 100%; margin-top: 4px; }
.thumb { display: grid; place-items: center; flex: none; width: 44px; height: 44px; border-radius: 8px; background: var(--cc-tint); color: var(--cc-accent); overflow: hidden; }
.rating textarea { margin-top: 4px; }
.rating .over { text-align: center; }
.over .solid { margin-top: 10px; }
.scores { display: flex; justify-content: space-between; max-width: 300px; margin: 4px 0 10px; }
.scores label { position: relative; display: grid; place-items: center; width: 48px; height: 44px; border-radius: 12px; font-size: 28px; line-height: 1; color: var(--cc-edge); cursor: pointer; }
.scores label:hover { background: var(--cc-tint); }
.scores label:has(:checked), .scores label:has(~ label :checked) { color: var(--cc-accent); }
.scores label:focus-within { outline: 3px solid var(--cc-accent); }
.drop { display: none; position: absolute; inset: 0; place-items: center; background: var(--cc-tint); opacity: .9; border: 3px dashed var(--cc-accent); border-radius: inherit; color: var(--cc-accent); pointer-events: none; }
.drop .icon { width: 48px; height: 48px; }
[data-dragging] .drop { display: grid; }

.status:not(:empty) { padding: 8px 16px; font-size: 14px; line-height: 1.4; background: var(--cc-tint); color: var(--cc-ink); }
.answering > .composer:not([hidden]) { padding: 10px 12px max(10px, env(safe-area-inset-bottom)); }
.field { display: flex; align-items: flex-end; gap: 4px; padding: 2px; border: 1.5px solid var(--cc-edge); border-radius: 25px; background: var(--cc-surface); }
.field:focus-within { border-color: var(--cc-accent); box-shadow: 0 0 0 2px var(--cc-accent); }
textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 140px; padding: 10px 4px; background: none; resize: none; line-height: 1.5; display: block; }
textarea:focus-visible { outline: none; }
textarea::placeholder { color: var(--cc-soft-ink); opacity: 1; }
.send { background: var(--cc-accent); color: var(--cc-on-accent); }
.send:hover { background: var(--cc-accent-strong); color: var(--cc-on-accent); }
.send[disabled] { background: var(--cc-ground); color: var(--cc-edge); cursor: default; }
.hint { padding: 6px 6px 0; font-size: 12px; line-height: 1.4; color: var(--cc-soft-ink); text-align: center; }
.count:not(:empty) { padding: 4px 14px 0; font-size: 13px; color: var(--cc-soft-ink); text-align: right; }
[aria-invalid="true"] { color: var(--cc-error); }

:host([position="left"]) .launcher, :host([position="left"]) .panel { right: auto; left: 20px; }
@media (max-width: 520px), (max-height: 430px) {
  :host .panel, :host([position]) .panel { inset: var(--cc-top, 0) 0 auto auto; width: min(520px, 100%); height: 100vh; height: var(--cc-height, 100dvh); border: 0; border-radius: 0; }
  .header { padding-top: max(8px, env(safe-area-inset-top)); }
  .scroller { padding-inline: 12px; }
}
@media (max-width: 350px) {
  .mark { display: none; }
  .title p { font-size: 12px; }
  .strip, .strip a { padding-inline: 3px; }
  .strip span { font-size: 11px; }
  .strip b { font-size: 12.5px; }
}
@media (max-height: 430px) {
  .header { padding-block: 0; }
  .hint { display: none; }
  .strip a { min-height: 36px; padding-block: 2px; }
  .answering > .composer:not([hidden]) { padding-block: 6px; }
  textarea { max-height: 68px; }
}
@media (forced-colors: active) {
  .launcher, .panel, .bubble, .send, .helpline, .solid, .menu, .thumb { border: 1px solid; }
  .scores label:has(:checked), .scores label:has(~ label :checked) { color: Highlight; forced-color-adjust: none; }
  progress::-webkit-progress-value { background: Highlight; forced-color-adjust: none; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}
@keyframes arrive { from { opacity: 0; transform: translateY(10px); } }
@keyframes breathe { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
`;

/** Shared by every chat on the page. */
export const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
