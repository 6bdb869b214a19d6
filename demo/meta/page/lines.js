// Draws the lines of a thread; everything anybody wrote goes in as text, never as markup.

const ADDRESS = /(https?:\/\/[^\s)]+[^\s).,;])/;

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function words(text, bold) {
  return text.split(ADDRESS).flatMap((part, number) =>
    number % 2 ? element("a", { href: part, target: "_blank", rel: "noreferrer", textContent: part }) : strong(part, bold));
}

// WhatsApp shows *words* between stars in bold.
function strong(text, bold) {
  if (!bold) return [text];
  return text.split(/(?<![^\s])\*([^*\n]+)\*(?![^\s.,:;!?])/).map((part, number) =>
    number % 2 ? element("strong", { textContent: part }) : part);
}

function file({ id, name, picture }) {
  const address = `/play/media/${id}`;
  return picture ? element("img", { src: address, alt: name }) : element("a", { className: "file", href: address, textContent: `📎 ${name}` });
}

function button(line, { kind, title, payload }, number, act) {
  const leads = { link: payload, call: `tel:${payload}` }[kind];
  if (leads && !/^(https?:|tel:\+)/.test(leads)) return "";
  if (leads) return element("a", { href: leads, target: "_blank", rel: "noreferrer", textContent: title });
  return element("button", { type: "button", textContent: title, onclick: () => act.press(line.n, number) });
}

function buttons(line, act) {
  const shown = line.buttons.map((one, number) => [one, number]).filter(([one]) => !["quick", "row"].includes(one.kind));
  const drawn = shown.map(([one, number]) => button(line, one, number, act));
  if (line.list_label) {
    drawn.push(element("button", { type: "button", textContent: `☰ ${line.list_label}`, onclick: () => act.list(line) }));
  }
  return drawn.length ? [element("div", { className: "buttons" }, ...drawn)] : [];
}

function note(line) {
  const time = new Date(line.at * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (line.status === "failed") return element("span", { className: "note bad", textContent: `${time} · never arrived: ${line.error}` });
  const seen = line.author === "user" && line.status === "read" ? " · seen" : "";
  return element("span", { className: "note", textContent: time + seen });
}

function who(line) {
  const name = line.author === "inbox" ? "A person, in the page's inbox" : line.persona;
  return name ? [element("span", { className: "who", textContent: name })] : [];
}

export function drawLine(line, act) {
  const content = [...line.media.map(file), ...words(line.text, act.bold())];
  const drawn = element("li", { className: `line ${line.author} ${line.status}` },
    ...who(line), element("div", { className: "bubble" }, ...content), ...buttons(line, act), note(line));
  drawn.dataset.author = line.author;
  return drawn;
}
