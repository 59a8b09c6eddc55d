// Keys belong to the form while the focus is in it.
//
// JupyterLab listens on `document` in the capture phase; only a listener on `window` comes before it.
// What is stopped here still does its own work in the browser: arrows move a radio, letters write.

export const LETTERS = { y: "yes", p: "partial", n: "no", a: "not-applicable" };

export const COMMANDS = {
  j: "next",
  k: "previous",
  o: "nextOpen",
  u: "nextUnanswered",
  e: "details",
  i: "note",
  d: "decides",
  c: "check",
  w: "waiver",
  r: "redo",
  "/": "search",
  "?": "shortcuts",
  Enter: "details",
  Escape: "back",
};

const EDITING = new Set(["a", "c", "v", "x", "y", "z", "Enter", "Backspace", "Delete", "Home", "End",
  "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

// Whether JupyterLab may not see a key that is pressed in the form.
export function isOurs({ key, ctrlKey, metaKey, altKey }) {
  if (key === "F5" || key === "F11" || key === "F12") return false;
  if (ctrlKey || metaKey || altKey) return EDITING.has(key.length === 1 ? key.toLowerCase() : key);
  return true;
}

export function writes(control) {
  if (control.matches?.("textarea, select")) return true;
  return Boolean(control.matches?.("input")) && !["radio", "checkbox", "button", "file"].includes(control.type);
}

// What a key does: a reply, a command, or nothing of ours.
export function meaningOf({ key, ctrlKey, metaKey, altKey, shiftKey, isComposing }, control) {
  if (isComposing) return null;
  if (control.getAttribute?.("role") === "tab" && /^Arrow(Left|Right)$/.test(key)) {
    return { command: "tab", step: key === "ArrowRight" ? 1 : -1 };
  }
  if ((ctrlKey || metaKey) && !altKey) {
    const letter = key.toLowerCase();
    if (writes(control)) return key === "Enter" ? { command: "back" } : null;
    if (letter === "z") return { command: shiftKey ? "redo" : "undo" };
    return letter === "y" ? { command: "redo" } : null;
  }
  if (altKey) return null;
  if (key === "Escape") return { command: "back" };
  if (writes(control)) return null;
  if (key === "Enter" && !control.matches?.('input[type="radio"]')) return null;
  if (key in LETTERS) return { reply: LETTERS[key] };
  return key in COMMANDS ? { command: COMMANDS[key] } : null;
}

export function listen(root, act) {
  const onKey = (event) => {
    const target = event.composedPath()[0];
    if (!(target instanceof Element) || !root.contains(target)) return;
    if (!isOurs(event)) return;
    event.stopImmediatePropagation();
    if (event.type !== "keydown") return;
    const meaning = meaningOf(event, target);
    if (meaning && act(meaning, target)) event.preventDefault();
  };
  const kinds = ["keydown", "keypress", "keyup"];
  for (const kind of kinds) window.addEventListener(kind, onKey, true);
  return () => kinds.forEach((kind) => window.removeEventListener(kind, onKey, true));
}
