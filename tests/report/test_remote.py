"""Reports in stores elsewhere: sent whole, and told where they cannot be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem
from support.fleet_sample import TODAY, answer, make_workload, make_workspace, write

from orr.cli import main
from orr.fleet.notify import Notice
from orr.report.remote import BESIDE, SENT, Elsewhere, NotSent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*BESIDE, *SENT):
        write(tmp_path / "reports" / "shop" / name, f"the {name}")
    return tmp_path / "reports" / "shop"


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "file":
        yield (tmp_path / "elsewhere").as_uri()
        return
    yield "memory://readiness"
    fsspec.filesystem("memory").store.clear()


def listed(url: str) -> dict[str, str]:
    store, root = fsspec.core.url_to_fs(url)
    return {path.rpartition("/")[2]: store.cat_file(path).decode() for path in store.find(root)}


def test_a_report_arrives_whole_and_leaves_nothing_else(url: str, folder: Path) -> None:
    assert Elsewhere(url).send(folder, "shop") == f"{url}/shop/report.html"
    assert listed(url) == {name: f"the {name}" for name in (*BESIDE, *SENT)}
    write(folder / "report.html", "newer")
    Elsewhere(url + "/").send(folder, "shop")
    assert listed(url)["report.html"] == "newer"


def test_a_failure_is_sent_and_goes_with_the_next_report(url: str, folder: Path) -> None:
    Elsewhere(url).send(folder, "shop")
    write(folder / "failed.html", "it failed")
    write(folder / "report.html", "not to be sent")
    Elsewhere(url).send(folder, "shop")
    assert listed(url) == {**{name: f"the {name}" for name in (*BESIDE, *SENT)}, "failed.html": "it failed"}
    (folder / "failed.html").unlink()
    Elsewhere(url).send(folder, "shop")
    assert sorted(listed(url)) == sorted((*BESIDE, *SENT))


@pytest.mark.parametrize("url", ["nonsense://x/y", "simplecache::nonsense://x/y", "://x/y"])
def test_a_store_that_nobody_knows_is_named(url: str) -> None:
    with pytest.raises(NotSent, match=f"{url.partition(':/')[0]}:// is no store") as none:
        Elsewhere(url)
    assert none.value.by_choice


def test_a_store_whose_package_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(NotSent, match="s3:// need") as none:
        Elsewhere("s3://bucket/x")
    assert none.value.by_choice


def test_without_fsspec_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "fsspec"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(NotSent, match=r"pip install 'orr\[remote\]'"):
        Elsewhere("memory://x")


def test_a_store_that_fails_is_told_and_leaves_no_part(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    write(target / "shop" / "report.html" / "in-the-way", "x")
    with pytest.raises(NotSent, match="did not take the report of shop") as lost:
        Elsewhere(target.as_uri()).send(folder, "shop")
    assert not lost.value.by_choice
    assert not list(target.rglob("*.part"))


@pytest.mark.kernel
def test_commands_send_what_they_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_workspace(tmp_path / "ws", "shop"))
    url = (tmp_path / "elsewhere").as_uri()
    words = ["--today", TODAY.isoformat(), "--out", url]
    assert main(["recheck", "--jobs", "1", *words]) == 0
    assert main(["fleet", *words]) == 0
    assert sorted(listed(url)) == sorted(["calendar.ics", *SENT, "fleet.html"])
    assert (tmp_path / "ws" / "reports" / "shop" / "report.html").exists()
    assert main(["recheck", "--jobs", "1", *words]) == 0
    told = capsys.readouterr().out
    assert "not executed again" in told
    assert f"sent to {url}/fleet.html" in told
    # Elsewhere it was never sent to: it is executed and sent.
    other = (tmp_path / "other").as_uri()
    assert main(["recheck", "--jobs", "1", *words[:2], "--out", other]) == 0
    assert sorted(listed(other)) == sorted(("calendar.ics", *SENT))
    assert "sent to" not in capsys.readouterr().out  # a line for each of a fleet would say nothing
    assert main(["report", "shop", *words[:2], "--out", other]) == 0
    assert capsys.readouterr().out.endswith(f"sent to {other}/shop/report.html\n")
    assert main(["report", "shop", *words[:2], "--out", "nonsense://x"]) == 2


@pytest.mark.kernel
def test_the_report_of_a_release_stands_below_that_of_its_workload_and_is_what_a_notification_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_workspace(tmp_path / "ws")
    make_workload(root, "shop", more="live_since: 2026-11-01\nlaunch: 2026-11-01\n")
    monkeypatch.chdir(root)
    url = (tmp_path / "elsewhere").as_uri()
    notices: list[Notice] = []
    monkeypatch.setattr("orr.fleet.notify.send", lambda to, notice: notices.append(notice))
    words = ["recheck", "--jobs", "1", "--today", TODAY.isoformat(), "--out", url, "--notify", "https://example.com"]
    change = ["--occasion", "change", "--release", "4.2"]
    assert main(words) == 0
    whole = listed(f"{url}/shop")["report.html"]
    for owner, status in (("yes", 0), ("no", 1)):
        answer(root, "shop", owner=owner)
        assert main([*words, *change]) == status
    assert (tmp_path / "elsewhere/shop/4.2/report.html").exists()
    assert (tmp_path / "elsewhere/shop/report.html").read_text(encoding="utf-8") == whole
    assert [one["report"] for notice in notices for one in notice.content["workloads"]] == [
        f"{url}/shop/4.2/report.html"
    ]


def test_a_password_is_never_shown(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalFileSystem()
    monkeypatch.setattr("fsspec.core.url_to_fs", lambda url: (store, str(tmp_path / "elsewhere")))
    assert (
        Elsewhere("sftp://ann:T0-secret@example.com/x").send(folder, "shop") == "sftp://example.com/x/shop/report.html"
    )
    write(tmp_path / "elsewhere" / "loan" / "report.html" / "in-the-way", "x")
    with pytest.raises(NotSent) as lost:
        Elsewhere("sftp://ann:T0-secret@example.com/x").send(folder, "loan")
    assert "sftp://example.com/x" in str(lost.value.why)
    assert "T0-secret" not in str(lost.value.why)


class Careful(LocalFileSystem):
    """A store that renames over nothing that is there."""

    cachable = False

    def mv(self, path1: str, path2: str, **options: Any) -> None:
        if self.exists(path2):
            raise FileExistsError(path2)
        super().mv(path1, path2, **options)


def test_a_pdf_of_an_earlier_report_goes_with_a_report_that_has_none(url: str, folder: Path) -> None:
    Elsewhere(url).send(folder, "shop")
    (folder / "report.pdf").unlink()
    Elsewhere(url).send(folder, "shop")
    assert sorted(listed(url)) == sorted(("calendar.ics", *SENT))


def test_a_store_that_renames_over_nothing_takes_a_newer_report(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fsspec.core.url_to_fs", lambda url: (Careful(), str(tmp_path / "elsewhere")))
    for content in ("older", "newer"):
        write(folder / "report.html", content)
        Elsewhere("webdav://elsewhere").send(folder, "shop")
    sent = tmp_path / "elsewhere" / "shop"
    assert (sent / "report.html").read_text(encoding="utf-8") == "newer"
    assert sorted(path.name for path in sent.iterdir()) == sorted((*BESIDE, *SENT))


@pytest.mark.parametrize(
    ("error", "by_choice"),
    [
        pytest.param(TypeError("missing 1 required positional argument: 'base_url'"), True, id="an-option-is-missing"),
        pytest.param(ValueError("no connection string"), True, id="nobody-said-who-signs-in"),
        pytest.param(ConnectionError("refused"), False, id="nobody-answers"),
        pytest.param(ConnectionError("for webdav://ann:T0-secret@example.com/x"), False, id="it-says-the-address"),
    ],
)
def test_a_store_that_cannot_be_opened_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, error: Exception, by_choice: bool
) -> None:
    def refuse(_url: str) -> None:
        raise error

    monkeypatch.setattr("fsspec.core.url_to_fs", refuse)
    with pytest.raises(NotSent) as none:
        Elsewhere("webdav://ann:T0-secret@example.com/x")
    assert none.value.by_choice is by_choice
    said = str(error).replace("ann:T0-secret@", "")
    assert str(none.value.why) == f"webdav://example.com/x cannot be opened: {type(error).__name__}: {said}"


class Recording(MemoryFileSystem):
    """Stands for the store of a cloud: it keeps what it was told of each file beside it."""

    cachable = False

    def __init__(self, scheme: str) -> None:
        super().__init__()
        self.protocol = scheme
        self.told: dict[str, dict[str, Any]] = {}

    def put_file(self, lpath: str, rpath: str, callback: Any = None, mode: str = "overwrite", **told: Any) -> None:
        self.told[rpath] = told

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        raise AssertionError(f"a bucket was made: {path}")


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        pytest.param("s3", {"ContentType": "text/html; charset=utf-8"}, id="amazon"),
        pytest.param("gs", {"content_type": "text/html; charset=utf-8"}, id="google"),
        pytest.param("abfs", {"content_settings": {"content_type": "text/html; charset=utf-8"}}, id="azure"),
    ],
)
def test_a_store_of_objects_is_told_that_a_page_is_one_and_makes_no_bucket(
    scheme: str, told: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Recording(scheme)
    monkeypatch.setattr("fsspec.core.url_to_fs", lambda url: (store, url.partition("://")[2]))
    Elsewhere(f"{scheme}://bucket/readiness").send(folder, "shop")
    assert store.told["bucket/readiness/shop/report.html"] == told
    assert set(store.told) == {f"bucket/readiness/shop/{name}" for name in (*BESIDE, *SENT)}
