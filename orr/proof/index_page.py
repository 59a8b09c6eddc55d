"""Index page of an audit pack, bilingual, without scripts or requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from orr.evaluate.votes import Decision
from orr.messages import LANGUAGES, in_language, render, say
from orr.proof.pack import Pack
from orr.report.html import Content, Html, join, link, tag


def index(pack: Pack) -> bytes:
    """Write the page of a pack."""
    parts = [tag("main", _in(pack, language), id=language, lang=language) for language in LANGUAGES]
    ways = tag("nav", (link(f"#{one}", render(say("proof.index.language"), one)) for one in LANGUAGES))
    head = join(
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", render(say("proof.index.title"), LANGUAGES[0])),
        tag("style", Html(_style())),
    )
    page = tag("html", tag("head", head), tag("body", ways, parts), lang=LANGUAGES[0])
    return f"<!doctype html>\n{page}\n".encode()


@cache
def _style() -> str:
    return (files("orr.proof") / "index.css").read_text(encoding="utf-8")


def _in(pack: Pack, language: str) -> Html:
    def words(key: str, **values: Any) -> str:
        return render(say(f"proof.index.{key}", **values), language)

    return join(
        tag("h1", words("title")),
        tag("p", words("about", n=len(pack.workloads))),
        tag("p", words("verify"), " ", tag("code", "orr verify pack.zip --head …")),
        tag("p", words("head"), " ", tag("code", pack.head)),
        (_workload(name, told, language) for name, told in pack.workloads.items()),
    )


def _workload(name: str, told: Mapping[str, Any], language: str) -> Html:
    def words(key: str, **values: Any) -> str:
        return render(say(f"proof.index.{key}", **values), language)

    runs = [_run(run, language) for run in reversed(told["runs"])]
    return tag(
        "section",
        tag("h2", in_language(told["title"], language), " ", tag("small", name)),
        runs or tag("p", words("no-runs")),
        tag("details", tag("summary", words("now", n=len(told["now"]))), _files(told["now"], language)),
    )


def _run(run: Mapping[str, Any], language: str) -> Html:
    def words(key: str, **values: Any) -> str:
        return render(say(f"proof.index.{key}", **values), language)

    verdict = run["decision"] or "pending"
    kept = run["kept"].partition(" ")
    source = words(f"from-{kept[0] or 'nowhere'}", commit=kept[2][:12])
    about = words("run", number=run["number"], day=run["today"])
    votes = [
        tag("tr", tag("td", vote["role"]), tag("td", vote["by"]), tag("td", vote["vote"]), tag("td", vote["on"]),
            tag("td", words("counts" if vote["valid"] else "void")))
        for vote in run["votes"]
    ]  # fmt: skip
    heads = tag("tr", (tag("th", words(f"column.{key}")) for key in ("role", "by", "vote", "on", "counts")))
    return tag(
        "article",
        tag("h3", about, " ", tag("b", render(Decision(verdict), language), class_=f"v-{verdict}")),
        tag("p", tag("code", run["digest"] or "")),
        tag("table", tag("thead", heads), tag("tbody", votes)) if votes else tag("p", words("no-votes")),
        tag("p", source),
        tag("details", tag("summary", words("files", n=len(run["files"]))), _files(run["files"], language)),
    )


def _files(found: Mapping[str, Mapping[str, Any]], language: str) -> Html:
    def rows() -> Iterable[Content]:
        for path, one in found.items():
            left = one.get("left_out")
            name = link(one["member"], path) if "member" in one else path
            why = tag("em", render(say(f"proof.index.left-out.{left.replace(' ', '-')}"), language)) if left else ""
            yield tag("li", name, " ", why, " ", tag("code", one["sha256"]))

    return tag("ul", rows())
