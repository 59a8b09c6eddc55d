// The page's words: Python sends them in the language that is spoken.

export function fill(text, values) {
  const chosen = typeof text === "object" && text !== null ? (values.n === 1 ? text.one : text.other) : text;
  return String(chosen).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export function wordsOf(all) {
  const say = (key, values = {}) => (key in all ? fill(all[key], values) : key);
  say.has = (key) => key in all;
  return say;
}
