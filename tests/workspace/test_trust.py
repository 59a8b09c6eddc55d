"""Whose workspaces are obeyed, and what a user has to trust before checks act."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from support.permissions import like_anybody
from support.workspace_sample import put

from orr.source.faults import FaultyInput
from orr.workspace.trust import SAFE, TRUSTED, NotTrustworthy, find_root, foreign, trust, trusted, untrusted
from orr.workspace.workspace import Workspace

ME, ANOTHER, WITH_SUDO = 1000, 1001, 1002
Own = Callable[..., None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return put(tmp_path / "ws")


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of the test's own, and nothing named in the environment."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for variable in (TRUSTED, SAFE):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path / "config" / "orr" / "trust.json"


@pytest.fixture
def own(listed: Path, monkeypatch: pytest.MonkeyPatch) -> Own:
    """Say whom files belong to, and who looks: `own({path: ANOTHER}, me=0)`."""
    del listed
    seen = Path.stat

    def say(owners: dict[Path, int], me: int = ME) -> None:
        def status(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
            found = list(seen(path, follow_symlinks=follow_symlinks))
            found[stat.ST_UID] = owners.get(path, me)
            return os.stat_result(found)

        monkeypatch.setattr(Path, "stat", status)
        monkeypatch.setattr(os, "geteuid", lambda: me, raising=False)

    return say


def words(fault: object) -> str:
    return fault.in_words("en") if fault is not None else ""  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("owner", "me", "sudo", "obeyed"),
    [
        pytest.param(ME, ME, "", True, id="the user's"),
        pytest.param(0, ME, "", True, id="root's"),
        pytest.param(ANOTHER, ME, "", False, id="another's"),
        pytest.param(ANOTHER, 0, "", False, id="another's, seen by root"),
        pytest.param(WITH_SUDO, 0, str(WITH_SUDO), True, id="of whoever became root by sudo"),
        pytest.param(ANOTHER, 0, str(WITH_SUDO), False, id="of neither"),
        pytest.param(WITH_SUDO, ME, str(WITH_SUDO), False, id="by a variable of somebody who is not root"),
    ],
)
@pytest.mark.parametrize("name", ["", "orr.yaml"], ids=["folder", "file"])
def test_a_workspace_is_obeyed_by_its_owner(
    root: Path, own: Own, monkeypatch: pytest.MonkeyPatch, owner: int, me: int, sudo: str, obeyed: bool, name: str
) -> None:
    monkeypatch.setenv("SUDO_UID", sudo)
    own({root / name: owner}, me)
    if obeyed:
        assert find_root(root / "workloads") == Workspace(root).root == root
        return
    for refusing in (lambda: find_root(root / "workloads"), lambda: Workspace(root), lambda: Workspace.open(root)):
        with pytest.raises(
            FaultyInput, match=f":1:1: it belongs to .*run `orr trust {root}`, or name {root} in {SAFE}"
        ):
            refusing()


@pytest.mark.parametrize(
    ("name", "mode", "obeyed"),
    [
        ("", 0o775, True), ("", 0o777, False), ("", 0o1777, True),
        ("orr.yaml", 0o664, True), ("orr.yaml", 0o666, False), ("orr.yaml", 0o1666, False),
        ("checklists", 0o775, True), ("checklists", 0o777, False), ("checklists", 0o1777, True),
    ],
)  # fmt: skip
def test_what_anybody_may_write_to_is_not_obeyed_and_what_a_group_may_is(
    root: Path, listed: Path, name: str, mode: int, obeyed: bool
) -> None:
    del listed
    (root / name).chmod(mode)
    if obeyed:
        assert Workspace.open(root)
        return
    with pytest.raises(FaultyInput, match=":1:1: anybody may write to it; "):
        Workspace.open(root)


def test_a_link_of_another_is_not_obeyed_although_it_leads_to_a_file_of_the_users(root: Path, own: Own) -> None:
    (root / "orr.yaml").rename(root / "mine.yaml")
    (root / "orr.yaml").symlink_to("mine.yaml")
    own({root / "orr.yaml": ANOTHER, root / "mine.yaml": ME})
    assert "it belongs to" in words(foreign(root))


def test_where_anybody_may_put_files_checklists_of_another_are_not_obeyed(root: Path, own: Own) -> None:
    own({root / "checklists": ANOTHER})
    assert Workspace.open(root)
    root.chmod(0o1777)
    with pytest.raises(FaultyInput, match="checklists:1:1: it belongs to "):
        Workspace.open(root)


@pytest.mark.parametrize("variable", [SAFE, TRUSTED])
@pytest.mark.parametrize(
    ("named", "matches"),
    [
        ("{root}", True), ("/other{sep}{root}", True), ("{above}/*", True), ("*", True), ("{root}/", True),
        ("", False), ("{above}", False), ("{root}/*", False), ("ws", False), (".", False), ("{above}/w*", False),
        ("{root}x", False),
    ],
)  # fmt: skip
def test_a_variable_names_folders_by_their_absolute_paths(
    root: Path, own: Own, monkeypatch: pytest.MonkeyPatch, variable: str, named: str, matches: bool
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv(variable, named.format(root=root, above=root.parent, sep=os.pathsep))
    if variable == TRUSTED:
        assert (untrusted(root, ["command"]) is None) is matches
    else:
        own({root: ANOTHER})
        assert (foreign(root) is None) is matches


def test_a_folder_of_another_above_hinders_nobody(root: Path, own: Own) -> None:
    inner = put(root / "mine")
    own({root: ANOTHER})
    assert find_root(inner / "workloads" / "shop") == inner


def test_a_link_to_nowhere_of_another_above_hinders_nobody(root: Path, own: Own) -> None:
    inner = put(root / "mine")
    (root / "orr.yaml").unlink()
    (root / "orr.yaml").symlink_to("gone")
    own({root / "orr.yaml": ANOTHER})
    assert find_root(inner / "workloads" / "shop") == inner


def test_what_is_allowed_is_shut_until_it_is_trusted_and_anew_when_it_opens_more(root: Path, listed: Path) -> None:
    assert untrusted(root, []) is None
    assert f"then run `orr trust {root}`" in str(untrusted(root, ["command"]))
    trust(root, ["command", "http"])
    assert untrusted(root, ["http", "command"]) is None
    assert untrusted(root, ["http"]) is None
    assert "allows more than when you trusted it (notebook)" in str(untrusted(root, ["command", "http", "notebook"]))
    assert "is not trusted" in str(untrusted(root / "other", ["command"]))
    trust(root, None)
    assert untrusted(root, ["command"]) is not None
    assert json.loads(listed.read_text()) == {}


def test_an_orr_yaml_in_a_repository_of_a_trusted_workspace_is_not_obeyed(
    root: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del listed
    repository = put(root.parent / "services" / "shop")
    assert find_root(repository / "workloads") == repository  # nothing is known of it
    trust(root, [])
    with pytest.raises(
        FaultyInput, match=f"it is below the workspace {root}, .* run `orr trust {repository}` if it is"
    ):
        find_root(repository / "workloads")
    with monkeypatch.context() as here:
        here.setenv(TRUSTED, str(repository))
        assert find_root(repository) == repository
    trust(repository, [])
    assert find_root(repository) == repository
    assert find_root(root) == root


def test_a_folder_on_the_list_is_obeyed_whoever_it_belongs_to(root: Path, own: Own) -> None:
    trust(root, [])
    own({root: ANOTHER})
    assert Workspace.open(root)


@pytest.mark.parametrize("place", ["trust.json", ".", ".."], ids=["list", "folder", "folder above"])
def test_a_list_that_others_may_have_written_is_not_believed(root: Path, listed: Path, place: str) -> None:
    trust(root, ["command"])
    path = (listed.parent / place).resolve()
    path.chmod(path.stat().st_mode | 0o022)
    with pytest.raises(NotTrustworthy, match="others may have written"):
        trusted()
    assert "others may have written" in str(untrusted(root, ["command"]))
    with pytest.raises(NotTrustworthy):
        trust(root, ["http"])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"/x": 1}', "\ud800".encode("utf-8", "surrogatepass")], ids=repr)
def test_a_list_that_cannot_be_read_trusts_nothing_and_says_so(root: Path, listed: Path, text: str | bytes) -> None:
    listed.parent.mkdir(parents=True, mode=0o700)
    listed.write_bytes(text.encode() if isinstance(text, str) else text)
    assert "cannot be read" in str(untrusted(root, ["command"]))


def test_a_list_that_may_not_be_read_trusts_nothing_and_says_so(root: Path, listed: Path) -> None:
    trust(root, ["command"])
    listed.chmod(0)
    with like_anybody():
        assert "Permission denied" in str(untrusted(root, ["command"]))


def test_without_a_home_nothing_is_trusted_but_what_the_environment_names(
    root: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del listed

    def nowhere() -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr(Path, "home", nowhere)
    assert "is not trusted" in str(untrusted(root, ["command"]))
    with pytest.raises(NotTrustworthy, match=TRUSTED):
        trust(root, ["command"])


def test_the_list_is_the_users_alone_whatever_the_umask(root: Path, listed: Path) -> None:
    before = os.umask(0)
    try:
        trust(root, ["command"])
    finally:
        os.umask(before)
    assert stat.S_IMODE(listed.stat().st_mode) == 0o600
    assert trusted() == {str(root): ["command"]}
