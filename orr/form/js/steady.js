// What somebody points at or types in stays where it is on the screen when what stands above it grows or shrinks.

export function keepSteady(above, below, scroller) {
  const heights = new Map(above.map((one) => [one, one.offsetHeight]));
  const observer = new ResizeObserver((changes) => {
    let grown = 0;
    for (const { target } of changes) {
      grown += target.offsetHeight - heights.get(target);
      heights.set(target, target.offsetHeight);
    }
    scroller.style.setProperty("--bar", `${above.at(-1).offsetHeight}px`);
    const held = document.activeElement;
    const used = (one) => one?.matches(":hover") || one?.contains(held);
    if (grown && below.some(used)) scroller.scrollTop += grown;
  });
  for (const one of above) observer.observe(one);
}
