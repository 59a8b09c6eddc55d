// What somebody points at or types in stays where it is on the screen when what stands above it grows or shrinks.

export function keepSteady(above, scroller) {
  let height = above.offsetHeight;
  new ResizeObserver(() => {
    const grown = above.offsetHeight - height;
    height += grown;
    const used = scroller.matches(":hover") || scroller.contains(document.activeElement);
    if (used && grown) scroller.scrollTop += grown;
  }).observe(above);
}
