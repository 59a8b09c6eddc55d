"""What a documentation site answers beside its files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orr.messages import render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)


def page(folder: Path, write, link: str, files: dict[str, str], path: str = "docs/run/a.md") -> Finding:
    for name, text in files.items():
        write(name, text)
    write(path, f"# A\n\nDo as [they say](<{link}>).\n")
    return run_check("document", folder, today=TODAY, path=path)


MKDOCS = """\
site_name: Shop
markdown_extensions:
  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji}
plugins:
  - search
  - redirects:
      redirect_maps:
        'old/pay.md': run/a.md
        refunds.md: run/a.md
nav:
  - Home: index.md
"""
SPHINX = """\
project = "Shop"
redirects = {
    "old/pay": "run/a.html",
    "refunds": "https://example.com/",
}
html_theme_options = {"gone": "yes"}
"""
DOCUSAURUS = """\
module.exports = {plugins: [['@docusaurus/plugin-client-redirects', {redirects: [
  {from: '/old/pay', to: '/run/a'}, {to: '/run/a', from: ['/refunds', "/money"]}]}]]}
"""


@pytest.mark.parametrize(
    ("link", "files"),
    [
        ("#rotate:keys", {"docs/b.md": "(rotate:keys)=\n## Rotate\n"}),
        ("keys", {"docs/b.md": "# B\n\n(keys)=\n"}),
        ("#keys", {"docs/b.rst": ".. _keys:\n\nB\n=\n"}),
        ("../old/pay.md", {"mkdocs.yml": MKDOCS}),
        ("/refunds/", {"mkdocs.yml": MKDOCS}),
        ("/sitemap.xml", {"mkdocs.yml": MKDOCS}),
        ("/old/pay.html", {"docs/conf.py": SPHINX}),
        ("../refunds.html", {"docs/conf.py": SPHINX}),
        ("../genindex.html", {"docs/conf.py": SPHINX}),
        ("/old.html", {"docs/redirects.txt": '"old.rst" "run/a.rst"\n'}),
        ("/old/pay", {"docusaurus.config.js": DOCUSAURUS}),
        ("/money", {"docusaurus.config.js": DOCUSAURUS}),
        ("/old/pay.html", {"config/tech-docs.yml": "host: x\nredirects:\n  /old/pay.html: /run/a.html\n"}),
        ("/search/", {"config/tech-docs.yml": "host: x\n"}),
        ("/old/pay.html", {"docs/b.html.md.erb": "---\nold_paths:\n  - /old/pay.html\n---\n# B\n"}),
        ("/apps/shop.html", {"config.rb": 'apps.each { |a|\n  proxy "/apps/#{a}.html", "/app.html"\n}\n'}),
        ("/old.html", {"config.rb": 'redirect "old.html", to: "/run/a.html"\n'}),
        ("/old/pay/", {"docs/b.md": "---\naliases: [/old/pay/, was]\n---\n# B\n"}),
        ("../was/", {"docs/b.md": "---\naliases: [/old/pay/, was]\n---\n# B\n"}),
        ("/tags/payments/", {"hugo.toml": "", "docs/b.md": "# B\n"}),
        ("/old/", {"docs/b.md": "---\nredirect_from: /old/\n---\n# B\n"}),
        ("/pay/", {"docs/b.md": "---\npermalink: /pay/\n---\n# B\n"}),
        ("/feed.xml", {"_config.yml": "title: Shop\n"}),
        ("/old/pay", {".gitbook.yaml": "redirects:\n  old/pay: run/a.md\n"}),
        ("/old/2", {"static/_redirects": "# before\n/old/* /new/:splat 301\n"}),
        ("/old", {"netlify.toml": '[[redirects]]\n  from = "/old"\n  to = "/new"\n'}),
    ],
    ids=["label", "label alone", "rst label", "mkdocs", "mkdocs from the root", "mkdocs generates", "sphinx",
         "sphinx relative", "sphinx generates", "rediraffe", "docusaurus", "docusaurus list", "tech-docs",
         "tech-docs generates", "tech-docs old paths", "middleman proxy", "middleman redirect", "hugo", "hugo relative",
         "hugo tags", "jekyll", "permalink", "jekyll generates", "gitbook", "netlify", "netlify.toml"],
)  # fmt: skip
def test_a_label_of_another_page_or_an_address_of_the_site_is_no_dead_link(
    tmp_path: Path, write, link: str, files: dict[str, str]
) -> None:
    alone = page(tmp_path, write, link, {})
    assert alone.outcome is Outcome.PARTIAL
    assert "one link leads nowhere" in render(alone.says, "en")
    assert page(tmp_path, write, link, files).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("link", "files"),
    [
        ("#keys", {"docs/b.md": "## Keys\n"}),
        ("#keys", {"docs/b.txt": "(keys)=\n"}),
        ("gone.md", {"mkdocs.yml": MKDOCS}),
        ("pay.md", {"mkdocs.yml": MKDOCS}),
        ("index.md", {"mkdocs.yml": MKDOCS}),
        ("/gone.html", {"docs/conf.py": SPHINX}),
        ("/search/", {"docs/b.md": "# B\n"}),
        ("/gone", {"static/_redirects": "/* /index.html 200\n"}),
        ("/gone", {"docs/b.md": "---\npermalink: /:title/\n---\n# B\n"}),
        ("/old/", {"elsewhere/deep/b.md": "---\naliases: [old]\n---\n# B\n"}),
        ("/old/", {"docs/b.md": b"---\naliases: [/old/]\n---\n\xff"}),
        ("../../../old", {"docs/b.md": "---\naliases: [/old]\n---\n# B\n"}),
    ],
    ids=["a heading of another page", "no document", "no redirect", "of another folder", "a page of nav",
         "another setting", "no site", "everything", "a form of addresses", "another folder's alias", "unreadable",
         "outside"],
)  # fmt: skip
def test_what_no_site_declares_stays_a_dead_link(tmp_path: Path, write, link: str, files: dict[str, str]) -> None:
    assert page(tmp_path, write, link, files).outcome is Outcome.PARTIAL
