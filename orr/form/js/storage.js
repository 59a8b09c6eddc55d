// The browser's storage, where it may be used at all.

export function openStorage() {
  try {
    window.localStorage.getItem("orr");
    return window.localStorage;
  } catch {
    return null;
  }
}

const PERSON = "orr:who";

export function storedPerson(storage) {
  try {
    return storage?.getItem(PERSON) ?? null;
  } catch {
    return null;
  }
}

export function storePerson(storage, person) {
  try {
    storage?.setItem(PERSON, person);
  } catch {
    // Asked again the next time.
  }
}
