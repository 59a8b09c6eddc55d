// Files that are dropped on an item are its; dropped elsewhere in the form, the browser would leave the page for them.
export function listenToDrops(root, take) {
  let over = null;
  const light = (place) => {
    if (over === place) return;
    over?.classList.remove("over");
    over = place;
    over?.classList.add("over");
  };
  const withFiles = (act) => (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    act(event, event.target.closest?.("[data-item]") ?? null);
  };
  root.addEventListener("dragover", withFiles((event, place) => light(place)));
  root.addEventListener("dragleave", ({ relatedTarget }) => root.contains(relatedTarget) || light(null));
  root.addEventListener("drop", withFiles((event, place) => {
    light(null);
    if (place) void take(place.dataset.item, [...event.dataTransfer.files]);
  }));
}
