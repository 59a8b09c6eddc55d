// Making elements. Words become text nodes and nothing else, so that no text is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

export function h(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else if (key === "value" || key === "checked" || key === "disabled" || key === "open") element[key] = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  put(element, children);
  return element;
}

export function put(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function refill(element, ...children) {
  element.replaceChildren();
  put(element, children);
}

// A sentence in which what stands between backticks is code; all of it is still text.
export function coded(text) {
  return text.split(/`([^`\n]+)`/).map((part, place) => (place % 2 ? h("code", {}, part) : part));
}

// Sets a text only where it differs: a live region speaks at every change.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// A picture as its elements: [name, attributes, text, children].
export function drawing([name, attributes, text, children]) {
  return svg(name, attributes, text, ...children.map(drawing));
}

export function button(label, properties, hint) {
  return h("button", { type: "button", ...properties }, label, hint && h("kbd", { "aria-hidden": "true" }, hint));
}

let lastId = 0;

export function newId(what) {
  lastId += 1;
  return `orr-${what}-${lastId}`;
}

// A label above its control.
export function field(label, control, properties) {
  control.id ||= newId("field");
  return h("div", { class: "field", ...properties }, h("label", { for: control.id }, label), control);
}

// Links lead to the web and nowhere else; a backslash would be a slash to the browser.
export function link(address, label) {
  if (!/^https?:\/\/[^\s\\]+$/i.test(address)) return document.createTextNode(label ?? address);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label ?? address);
}
