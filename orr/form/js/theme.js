// Light or dark as what surrounds the form is: JupyterLab's own colours decide, then the system's.

export function followTheme(root, changed) {
  function choose(stop) {
    if (stop === true) {
      watcher.disconnect();
      return;
    }
    const dark = isDark();
    if (root.classList.contains("dark") !== dark) {
      root.classList.toggle("dark", dark);
      changed();
    }
  }

  function isDark() {
    const said = document.body.dataset.jpThemeLight;
    if (said) return said === "false";
    const colour = getComputedStyle(document.body).getPropertyValue("--jp-layout-color0").trim();
    const light = brightness(colour) ?? brightness(getComputedStyle(document.body).backgroundColor);
    return light === null ? matchMedia("(prefers-color-scheme: dark)").matches : light < 0.5;
  }

  const watcher = new MutationObserver(choose);
  watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class", "style"] });
  choose();
  return choose;
}

export function brightness(colour) {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour);
  const parts = hex
    ? (hex[1].length === 3 ? [...hex[1]].map((digit) => digit + digit) : hex[1].match(/../g)).map((pair) => parseInt(pair, 16))
    : /^rgba?\(/.test(colour) ? colour.match(/[\d.]+/g).map(Number) : { white: [255, 255, 255], black: [0, 0, 0] }[colour];
  if (!parts || (parts.length > 3 && parts[3] === 0)) return null;
  return (0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2]) / 255;
}
