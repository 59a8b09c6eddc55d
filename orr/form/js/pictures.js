// The pictures that the report draws. They come from Python as finished markup, whose every text was
// escaped there, and stand in a shadow tree: their style and the form's do not meet.

const DARK = `.orr{--ink:#e6e9ec;--soft:#a9b4be;--rule:#3a434c;--paper:#16191d;--pale:#20252b;--link:#8ab8f0;--bad:#ff9d94;--bad-pale:#3b1d1b;
--mid:#f0c276;--mid-pale:#3a2c10;--good:#86d3a5;--good-pale:#15301f;--plain:#c3ccd4;--met:#2c5e40;--ground:#16191d;--line:#97a3ae}`;

export function showFragment(holder, style, markup, dark, jump) {
  const root = holder.shadowRoot ?? holder.attachShadow({ mode: "open" });
  const parsed = new DOMParser().parseFromString(markup ?? "", "text/html");
  const sheet = document.createElement("style");
  sheet.textContent = `${style}\n.orr section{margin:0 0 28px}${dark ? DARK : ""}`;
  root.replaceChildren(sheet, ...parsed.body.childNodes);
  root.onclick = (event) => {
    const anchor = event.target.closest?.('a[href^="#"]');
    if (!anchor) return;
    event.preventDefault();
    jump(decodeURIComponent(anchor.getAttribute("href").slice(1)));
  };
}
