"""What only the user can have written, and where it lies."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from orr.system.private import is_ours, is_private, make_folder, usual_folder

ME, OTHER = 1000, 1001
FILE, FOLDER = stat.S_IFREG, stat.S_IFDIR


@pytest.mark.parametrize(
    ("owner", "mode", "ours"),
    [
        pytest.param(ME, FILE | 0o644, True, id="the user's"),
        pytest.param(0, FILE | 0o644, True, id="root's"),
        pytest.param(OTHER, FILE | 0o644, False, id="another's"),
        pytest.param(ME, FILE | 0o664, False, id="a group's"),
        pytest.param(ME, FILE | 0o646, False, id="anybody's"),
        pytest.param(ME, FILE | 0o1646, False, id="anybody's, with a bit that means nothing for files"),
        pytest.param(0, FOLDER | 0o1777, True, id="as /tmp"),
        pytest.param(0, FOLDER | 0o777, False, id="as /tmp without the sticky bit"),
        pytest.param(OTHER, FOLDER | 0o1777, False, id="another's sticky folder"),
    ],
)
def test_a_file_is_ours_by_its_owner_and_mode(
    monkeypatch: pytest.MonkeyPatch, owner: int, mode: int, ours: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: ME, raising=False)
    assert is_ours(os.stat_result((mode, 0, 0, 1, owner, owner, 0, 0, 0, 0))) is ours


def test_a_file_is_private_where_every_folder_above_is_that_leads_to_it_by_links_or_not(tmp_path: Path) -> None:
    real = tmp_path / "real" / "deep" / "file"
    real.parent.mkdir(parents=True)
    real.write_text("mine")
    (tmp_path / "way").mkdir()
    link = tmp_path / "way" / "link"
    link.symlink_to(real)
    assert is_private(real)
    assert is_private(link)
    (tmp_path / "way").chmod(0o777)
    assert is_private(real)
    assert not is_private(link)
    (tmp_path / "way").chmod(0o755)
    (tmp_path / "real").chmod(0o775)
    assert not is_private(real)
    assert not is_private(link)


def test_missing_folders_are_made_for_the_user_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_folder(tmp_path / "a" / "b")
        make_folder(tmp_path / "a" / "b")
    finally:
        os.umask(before)
    assert [stat.S_IMODE((tmp_path / path).stat().st_mode) for path in ("a", "a/b")] == [0o700, 0o700]


@pytest.mark.parametrize(
    ("platform", "variables", "cache", "config"),
    [
        pytest.param("linux", {}, "home/.cache", "home/.config", id="linux"),
        pytest.param("linux", {"XDG_CACHE_HOME": "c"}, "home/.cache", "home/.config", id="relative"),
        pytest.param("linux", {"XDG_CACHE_HOME": "/c", "XDG_CONFIG_HOME": "/d"}, "/c", "/d", id="named"),
        pytest.param("darwin", {}, "home/Library/Caches", "home/Library/Application Support", id="macos"),
        pytest.param("win32", {}, "home/AppData/Local", "home/AppData/Roaming", id="windows"),
    ],
)  # fmt: skip
def test_folders_lie_where_the_platform_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], cache: str, config: str
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "platform", platform)
    assert (usual_folder("cache"), usual_folder("config")) == (tmp_path / cache, tmp_path / config)
