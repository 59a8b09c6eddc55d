"""A warm process: whatever a job does, the others and the caller are none the worse for it."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support import ROOT, TESTS
from support import engine_work as work

from orr.execution.engines.child import MOST
from orr.execution.engines.client import CannotFork, Crashed, Lost, Warm

pytestmark = [pytest.mark.kernel, pytest.mark.skipif(sys.platform != "linux", reason="needs a fork that is safe")]


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(TESTS))
        started = Warm("nothing")
        started.call(work.give, None)
    yield started
    started.close()


def wait_for(true: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def is_there(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False


def open_files(process: object) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def children_of(pid: int | None) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


@pytest.mark.parametrize("what", [None, {"a": [1]}, "x" * 3_000_000], ids=["nothing", "data", "three megabytes"])
def test_what_a_job_returns_comes_back(warm: Warm, what: object) -> None:
    assert warm.call(work.give, what) == what


def test_what_a_job_raises_comes_back(warm: Warm) -> None:
    with pytest.raises(ValueError, match=r"^these words$"):
        warm.call(work.fail, "these words")


@pytest.mark.parametrize("done", [work.fail_stubbornly, work.give_what_cannot_travel])
def test_what_cannot_travel_is_told_by_its_name(warm: Warm, done: Callable[[], object]) -> None:
    with pytest.raises(Crashed):
        warm.call(done)


ENDS = {
    "leaving as if all was well": (work.leave, (0,), 0),
    "leaving": (work.leave, (9,), 9),
    "being killed": (work.kill_oneself, (), -signal.SIGKILL),
    "leaving with bytes that look like an answer": (work.say_and_leave, (), 0),
}


@pytest.mark.parametrize(("done", "arguments", "exitcode"), ENDS.values(), ids=ENDS.keys())
def test_an_end_without_an_answer_is_no_success(
    warm: Warm, done: Callable[..., object], arguments: tuple[object, ...], exitcode: int
) -> None:
    before = warm.pid
    with pytest.raises(Lost) as lost:
        warm.call(done, *arguments)
    assert (lost.value.exitcode, lost.value.late) == (exitcode, False)
    assert warm.call(work.give, "next") == "next"
    assert warm.pid == before


def test_a_job_beyond_its_deadline_is_killed(warm: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orr.execution.engines.job.GRACE", 0.5)
    with pytest.raises(Lost) as lost:
        warm.call(work.ignore_interrupts, str(tmp_path / "pid"), seconds=0.3)
    assert lost.value.late
    assert not is_there(int((tmp_path / "pid").read_text(encoding="utf-8")))


def test_a_program_that_a_job_runs_ends_with_it_at_its_deadline(warm: Warm, tmp_path: Path) -> None:
    with pytest.raises(Lost) as lost:
        warm.call(work.run_a_program, str(tmp_path / "pid"), seconds=3)
    assert lost.value.late
    wait_for(lambda: not is_there(int((tmp_path / "pid").read_text(encoding="utf-8"))))


def test_a_temporary_folder_of_a_job_goes_with_it_at_its_deadline(warm: Warm, tmp_path: Path) -> None:
    with pytest.raises(Lost):
        warm.call(work.hang_with_a_folder_of_a_thread, tmp_path / "folder", seconds=1)
    assert not Path((tmp_path / "folder").read_text(encoding="utf-8")).exists()


def test_what_a_job_began_and_left_goes_with_it(warm: Warm, tmp_path: Path) -> None:
    left = warm.call(work.leave_a_child, str(tmp_path / "pid"))
    wait_for(lambda: not is_there(left))


@pytest.mark.parametrize("killed", [False, True], ids=["it ends", "it is killed"])
def test_what_a_job_began_in_a_session_of_its_own_goes_with_it(warm: Warm, tmp_path: Path, killed: bool) -> None:
    path = tmp_path / "pid"
    if killed:
        with pytest.raises(Lost):
            warm.call(work.leave_a_session, str(path), killed)
    else:
        left = warm.call(work.leave_a_session, str(path), killed)
        wait_for(lambda: not is_there(left))
    wait_for(lambda: not is_there(int(path.read_text(encoding="utf-8"))))
    wait_for(lambda: children_of(warm.pid) == [])  # it buries the last of them a moment after its end


def test_no_state_crosses_from_one_job_to_the_next(warm: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    before = warm.call(work.look_around)
    warm.call(work.leave_a_mess)
    monkeypatch.setenv("ASKED", "yes")
    after = warm.call(work.look_around)
    assert after.pop("folder") != before.pop("folder")
    assert (before.pop("asked"), after.pop("asked")) == (None, "yes")
    assert after == before
    assert after["empty"]
    assert after["threads"] == 1
    assert len(after["files"]) == 5  # the streams, the answer's socket, and the list of them itself
    assert not any(
        after[name] for name in ("environment", "builtins", "modules", "path", "recursion", "mask", "pandas")
    )


def test_the_environment_is_that_of_the_caller(warm: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKED", "yes")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("HOME", raising=False)
    ours, of_programs = warm.call(work.environment)
    assert ours == of_programs == dict(os.environ)


@pytest.mark.parametrize("fresh", [True, False], ids=["in processes of their own", "in one process"])
def test_random_numbers_differ_between_jobs_although_their_generators_were_loaded_before_the_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import random\nimport numpy.random\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(TESTS)]))
    started = Warm("nothing")
    try:
        drawn = [started.call(work.draw_and_leave_nothing, fresh=fresh) for _ in range(3)]
    finally:
        started.close()
    processes, *generators = zip(*drawn, strict=True)
    assert len(set(processes)) == (3 if fresh else 1)
    for generator in generators:
        assert len(set(generator)) == 3


def test_work_that_left_nothing_is_followed_by_other_work_in_the_same_process_where_the_caller_lets_it(
    warm: Warm,
) -> None:
    first = warm.call(work.leave_nothing, fresh=False)
    assert warm.call(work.leave_nothing, fresh=False) == first
    assert warm.call(work.leave_nothing) != first
    assert warm.call(work.leave_nothing, fresh=False) == first
    assert warm.call(work.pid, fresh=False) == first
    wait_for(lambda: not is_there(first))  # it did not say that it left nothing
    assert warm.call(work.leave_nothing, fresh=False) != first


@pytest.mark.parametrize("what", work.LEFT)
def test_whatever_is_left_is_met_by_no_other_work(warm: Warm, what: str) -> None:
    left = warm.call(work.leave_nothing, what, fresh=False)
    assert warm.call(work.leave_nothing, fresh=False) != left
    wait_for(lambda: not is_there(left))


def test_the_process_of_earlier_work_is_none_for_a_caller_with_another_environment(
    warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = warm.call(work.leave_nothing, fresh=False)
    monkeypatch.setenv("ASKED", "yes")
    assert warm.call(work.leave_nothing, fresh=False) != first
    wait_for(lambda: not is_there(first))


@pytest.mark.parametrize("how", ["raise", "give", "leave"])
def test_what_does_not_end_well_after_other_work_is_done_again_in_a_process_of_its_own(warm: Warm, how: str) -> None:
    first = warm.call(work.fail_in_a_used_child, how, fresh=False)
    assert warm.call(work.fail_in_a_used_child, how, fresh=False) != first
    wait_for(lambda: not is_there(first))


def test_what_takes_too_long_after_other_work_is_told_so(warm: Warm) -> None:
    first = warm.call(work.fail_in_a_used_child, "sleep", fresh=False)
    with pytest.raises(Lost) as lost:
        warm.call(work.fail_in_a_used_child, "sleep", seconds=0.3, fresh=False)
    assert lost.value.late
    assert not is_there(first)


def test_a_process_waits_for_other_work_only_for_a_moment_and_none_is_lost_when_it_has_gone(warm: Warm) -> None:
    first = warm.call(work.leave_nothing, fresh=False)
    wait_for(lambda: not is_there(first))
    assert warm.call(work.leave_nothing, fresh=False) != first


def test_a_process_does_a_hundred_jobs_at_most(warm: Warm) -> None:
    done = [warm.call(work.leave_nothing, fresh=False) for _ in range(MOST + 1)]
    assert max(done.count(one) for one in set(done)) <= MOST
    assert len(set(done)) <= 3  # the first may have done some before


def test_jobs_run_side_by_side_and_leave_nothing(warm: Warm) -> None:
    gc.collect()  # files of other tests may be closed at any time
    files = open_files("self")
    wait_for(lambda: open_files(warm.pid) == 7)  # its streams, and what it listens to
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda number: warm.call(work.give, number), range(200))) == list(range(200))
        used = list(pool.map(lambda _: warm.call(work.leave_nothing, fresh=False), range(200)))
    assert len(set(used)) <= 8
    wait_for(lambda: not any(map(is_there, used)))
    assert warm.call(work.give, "last", fresh=False) == "last"
    assert open_files("self") <= files
    wait_for(lambda: open_files(warm.pid) == 7)
    assert children_of(warm.pid) == []
    assert warm._folder is not None
    assert [path.name for path in warm._folder.iterdir()] in ([], ["ipython"])


def test_an_interrupt_lets_a_job_clean_up(warm: Warm, tmp_path: Path) -> None:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            warm.call(work.clean_up, str(tmp_path / "half"))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    wait_for((tmp_path / "half").exists)
    warm.interrupt()
    thread.join(10)
    assert [type(error) for error in raised] == [KeyboardInterrupt]
    assert not (tmp_path / "half").exists()


def test_a_job_is_done_again_when_the_warm_process_was_killed(tmp_path: Path) -> None:
    warm = Warm("nothing")
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setenv("PYTHONPATH", str(TESTS))
        running = pool.submit(warm.call, work.sleep, str(tmp_path / "pid"), 1)
        wait_for((tmp_path / "pid").exists)
        wait_for(lambda: bool((tmp_path / "pid").read_text(encoding="utf-8")))
        child, folder, process = int((tmp_path / "pid").read_text(encoding="utf-8")), warm._folder, warm.pid
        (tmp_path / "pid").unlink()
        assert process is not None
        os.kill(process, signal.SIGKILL)
        wait_for(lambda: not is_there(child))
        assert running.result(20) is None
        assert (tmp_path / "pid").exists()
        assert warm.pid != process
    assert folder is not None
    assert not folder.exists()
    warm.close()


CALLER = """
import sys
sys.path.insert(0, sys.argv[2])
from support import engine_work as work
from orr.execution.engines.client import Warm
warm = Warm("nothing")
waiting = warm.call(work.leave_nothing, fresh=False)
print(warm.pid, waiting, warm._folder, flush=True)
warm.call(work.sleep, sys.argv[1])
"""


def test_nothing_outlives_a_caller_that_is_killed(tmp_path: Path) -> None:
    here = str(TESTS)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([here, str(Path(here).parent)])}
    with subprocess.Popen(
        [sys.executable, "-c", CALLER, str(tmp_path / "pid"), here], stdout=subprocess.PIPE, text=True, env=environment
    ) as caller:
        assert caller.stdout is not None
        pid, waiting, folder = caller.stdout.readline().split()
        assert folder.startswith(tempfile.gettempdir())
        wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(encoding="utf-8") != "")
        assert is_there(int(waiting))
        caller.kill()
    wait_for(lambda: not is_there(int(pid)))
    wait_for(lambda: not is_there(int(waiting)), seconds=1)  # else it would end by itself
    wait_for(lambda: not is_there(int((tmp_path / "pid").read_text(encoding="utf-8"))))
    assert not Path(folder).exists()


BURIED = """
import os, selectors, socket, sys, time
from pathlib import Path
from orr.execution.engines.parent import Child, Forking
status, end = socket.socketpair()
pid = os.fork()
if not pid:
    os._exit(0)
forking = Forking(socket.socketpair()[0], Path(sys.argv[1]), "nothing")
child = forking._children[pid] = Child(pid, status, Path(sys.argv[1], "own"))
forking._selector.register(status, selectors.EVENT_READ, child)
end.close()
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
forking._bury()
assert not forking._children
forking._told(child)  # its socket is closed, and its number may be another's
"""


def test_what_is_heard_of_a_child_in_the_moment_in_which_it_is_buried_changes_nothing(tmp_path: Path) -> None:
    source = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", BURIED, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, env=source, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_beside_a_thread_that_begins_in_every_python_nothing_is_forked_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(work.AGENT, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    warm = Warm("worker")  # which loads nothing in vain
    try:
        for _ in range(2):
            with pytest.raises(CannotFork):
                warm.call(work.give, 1)
        running = warm.begin(work.give, 1, environment={})
        with pytest.raises(CannotFork):
            wait_for(lambda: running.exitcode() is not None)
    finally:
        warm.close()
