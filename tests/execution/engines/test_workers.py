"""Workers: whatever a job does, the others and the caller are none the worse for it."""

from __future__ import annotations

import gc
import os
import shutil
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

from orr.execution.engines import workers as module
from orr.execution.engines.worker import MOST, Crashed
from orr.execution.engines.workers import CannotFork, Lost, Workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
PRELOAD = "orr.execution.engines.worker"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(TESTS))
        started = Workers(PRELOAD)
        started.call(work.give, None)
    yield started
    started.close()


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "started anew"])
def any_workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    """Workers as a fork server starts them, and as they are started where there is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(TESTS))
        started = Workers(PRELOAD, forks=request.param)
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


def supervisor(workers: Workers) -> int:
    assert workers._supervisor is not None
    return workers._supervisor.pid


def children_of(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for one in lists for child in one.read_text(encoding="ascii").split()]


def servers(workers: Workers) -> set[int]:
    """The fork server, and what else the standard library has beside it."""
    own = children_of(supervisor(workers))
    return {pid for pid in own if os.getsid(pid) == supervisor(workers)}


@pytest.mark.parametrize("what", [None, {"a": [1]}, "x" * 3_000_000], ids=["nothing", "data", "three megabytes"])
def test_what_a_job_returns_comes_back(any_workers: Workers, what: object) -> None:
    assert any_workers.call(work.give, what) == what


def test_what_a_job_raises_comes_back(any_workers: Workers) -> None:
    with pytest.raises(ValueError, match=r"^these words$"):
        any_workers.call(work.fail, "these words")


@pytest.mark.parametrize("done", [work.fail_stubbornly, work.give_what_cannot_travel])
def test_what_cannot_travel_is_told_by_its_name(any_workers: Workers, done: Callable[[], object]) -> None:
    with pytest.raises(Crashed, match=r"^(StubbornError: a|PicklingError|AttributeError|TypeError)"):
        any_workers.call(done)


ENDS = {
    "leaving as if all was well": (work.leave, (0,), 0),
    "leaving": (work.leave, (9,), 9),
    "leaving with what the standard library takes for a loss": (work.leave, (255,), 255),
    "being killed": (work.kill_oneself, (), -signal.SIGKILL),
    "leaving with bytes that look like an answer": (work.say_and_leave, (), 0),
}


@pytest.mark.parametrize(("done", "arguments", "exitcode"), ENDS.values(), ids=ENDS.keys())
def test_an_end_without_an_answer_is_no_success(
    any_workers: Workers, done: Callable[..., object], arguments: tuple[object, ...], exitcode: int
) -> None:
    with pytest.raises(Lost) as lost:
        any_workers.call(done, *arguments)
    assert (lost.value.exitcode, lost.value.late) == (exitcode, False)
    assert any_workers.call(work.give, "next") == "next"


def test_a_job_beyond_its_deadline_may_clean_up(any_workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(Lost) as lost:
        any_workers.call(work.clean_up, str(tmp_path / "half"), seconds=0.9)
    assert lost.value.late
    assert not (tmp_path / "half").exists()


@pytest.mark.slow
def test_a_job_beyond_its_deadline_is_killed_where_it_does_not_listen(
    any_workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orr.execution.engines.workers.GRACE", 1.0)
    with pytest.raises(Lost) as lost:
        any_workers.call(work.ignore_interrupts, str(tmp_path / "pid"), seconds=2)
    assert lost.value.late
    assert not is_there(int((tmp_path / "pid").read_text(encoding="utf-8")))


def test_a_job_that_writes_half_an_answer_and_waits_is_ended_at_its_deadline(workers: Workers) -> None:
    with pytest.raises(Lost) as lost:
        workers.call(work.say_half, seconds=0.3)
    assert lost.value.late


@pytest.mark.slow
def test_a_program_that_a_job_runs_ends_with_it_at_its_deadline(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(Lost) as lost:
        workers.call(work.run_a_program, str(tmp_path / "pid"), seconds=3)
    assert lost.value.late
    wait_for(lambda: not is_there(int((tmp_path / "pid").read_text(encoding="utf-8"))))


@pytest.mark.slow
def test_a_temporary_folder_of_a_job_goes_with_it_at_its_deadline(any_workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(Lost):
        any_workers.call(work.hang_with_a_folder_of_a_thread, tmp_path / "folder", seconds=1)
    assert not Path((tmp_path / "folder").read_text(encoding="utf-8")).exists()


def test_what_a_job_began_and_left_goes_with_it(workers: Workers, tmp_path: Path) -> None:
    left = workers.call(work.leave_a_child, str(tmp_path / "pid"))
    wait_for(lambda: not is_there(left))


@pytest.mark.parametrize("killed", [False, True], ids=["it ends", "it is killed"])
def test_what_a_job_began_in_a_session_of_its_own_goes_with_it(workers: Workers, tmp_path: Path, killed: bool) -> None:
    path = tmp_path / "pid"
    if killed:
        with pytest.raises(Lost):
            workers.call(work.leave_a_session, str(path), killed)
    else:
        left = workers.call(work.leave_a_session, str(path), killed)
        wait_for(lambda: not is_there(left))
    wait_for(lambda: not is_there(int(path.read_text(encoding="utf-8"))))
    wait_for(lambda: {*children_of(supervisor(workers))} == servers(workers))


def test_a_program_of_the_caller_is_left_alone_where_workers_are_watched_from_there(any_workers: Workers) -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as ours:
        with pytest.raises(Lost):
            any_workers.call(work.leave, 1)
        assert ours.poll() is None
        ours.kill()


def test_no_state_crosses_from_one_job_to_the_next(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    before = workers.call(work.look_around)
    workers.call(work.leave_a_mess)
    monkeypatch.setenv("ASKED", "yes")
    after = workers.call(work.look_around)
    assert after.pop("folder") != before.pop("folder")
    assert (before.pop("asked"), after.pop("asked")) == (None, "yes")
    assert after == before
    assert after["empty"]
    assert after["threads"] == 1
    # The streams, the answer's socket, the pipe of the standard library's resource tracker, and the list itself.
    assert len(after["files"]) == 6
    assert not any(
        after[name] for name in ("environment", "builtins", "modules", "path", "recursion", "mask", "pandas")
    )


def test_the_environment_is_that_of_the_caller(any_workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKED", "yes")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("HOME", raising=False)
    ours, of_programs = any_workers.call(work.environment)
    assert ours == of_programs == dict(os.environ)


@pytest.mark.slow
@pytest.mark.parametrize("fresh", [True, False], ids=["in processes of their own", "in one process"])
def test_random_numbers_differ_between_jobs_although_their_generators_were_loaded_before_the_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import random\nimport numpy.random\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(TESTS)]))
    started = Workers(PRELOAD)
    try:
        drawn = [started.call(work.draw_and_leave_nothing, fresh=fresh) for _ in range(3)]
    finally:
        started.close()
    processes, *generators = zip(*drawn, strict=True)
    assert len(set(processes)) == (3 if fresh else 1)
    for generator in generators:
        assert len(set(generator)) == 3


def test_work_that_left_nothing_is_followed_by_other_work_in_the_same_process_where_the_caller_lets_it(
    any_workers: Workers,
) -> None:
    first = any_workers.call(work.leave_nothing, fresh=False)
    assert any_workers.call(work.leave_nothing, fresh=False) == first
    assert any_workers.call(work.leave_nothing) != first
    assert any_workers.call(work.leave_nothing, fresh=False) == first
    assert any_workers.call(work.pid, fresh=False) == first
    wait_for(lambda: not is_there(first))  # it did not say that it left nothing
    assert any_workers.call(work.leave_nothing, fresh=False) != first


@pytest.mark.parametrize("what", work.LEFT)
def test_whatever_is_left_is_met_by_no_other_work(workers: Workers, what: str) -> None:
    left = workers.call(work.leave_nothing, what, fresh=False)
    assert workers.call(work.leave_nothing, fresh=False) != left
    wait_for(lambda: not is_there(left))


def test_a_program_put_elsewhere_is_met_by_no_other_work(workers: Workers, tmp_path: Path) -> None:
    left = workers.call(work.leave_a_daemon, str(tmp_path / "pid"), fresh=False)
    assert workers.call(work.leave_nothing, fresh=False) != left
    wait_for(lambda: not is_there(int((tmp_path / "pid").read_text(encoding="utf-8"))))


def test_the_process_of_earlier_work_is_none_for_a_caller_with_another_environment(
    any_workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = any_workers.call(work.leave_nothing, fresh=False)
    monkeypatch.setenv("ASKED", "yes")
    assert any_workers.call(work.leave_nothing, fresh=False) != first
    wait_for(lambda: not is_there(first))


@pytest.mark.parametrize("how", ["raise", "give", "leave"])
def test_what_does_not_end_well_after_other_work_is_done_again_in_a_process_of_its_own(
    any_workers: Workers, how: str
) -> None:
    first = any_workers.call(work.fail_in_a_used_child, how, fresh=False)
    assert any_workers.call(work.fail_in_a_used_child, how, fresh=False) != first
    wait_for(lambda: not is_there(first))


def test_what_takes_too_long_after_other_work_is_told_so(workers: Workers) -> None:
    first = workers.call(work.fail_in_a_used_child, "sleep", fresh=False)
    with pytest.raises(Lost) as lost:
        workers.call(work.fail_in_a_used_child, "sleep", seconds=0.3, fresh=False)
    assert lost.value.late
    assert not is_there(first)


@pytest.mark.slow
def test_a_process_waits_for_other_work_only_for_a_moment_and_none_is_lost_when_it_has_gone(workers: Workers) -> None:
    first = workers.call(work.leave_nothing, fresh=False)
    wait_for(lambda: not is_there(first))
    assert workers.call(work.leave_nothing, fresh=False) != first


def test_a_process_does_a_hundred_jobs_at_most(workers: Workers) -> None:
    done = [workers.call(work.leave_nothing, fresh=False) for _ in range(MOST + 1)]
    assert max(done.count(one) for one in set(done)) <= MOST
    assert len(set(done)) <= 3  # the first may have done some before


@pytest.mark.slow
def test_jobs_run_side_by_side_and_leave_nothing(workers: Workers) -> None:
    gc.collect()  # files of other tests may be closed at any time
    wait_for(lambda: not workers._idle or workers.call(work.give, 0, fresh=False) == 0)
    files = open_files("self")
    of_supervisor = open_files(supervisor(workers))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda number: workers.call(work.give, number), range(200))) == list(range(200))
        used = list(pool.map(lambda _: workers.call(work.leave_nothing, fresh=False), range(200)))
    assert len(set(used)) <= 8
    wait_for(lambda: not any(map(is_there, used)))
    while workers._idle:  # those that have ended are looked at when they are needed
        assert workers.call(work.give, "last", fresh=False) == "last"
    assert open_files("self") <= files
    wait_for(lambda: open_files(supervisor(workers)) <= of_supervisor + 2)  # what the library keeps of the last process
    assert {*children_of(supervisor(workers))} == servers(workers)
    assert {path.name[:4] for path in Path(workers._home).iterdir()} <= {"pymp"}


def test_an_interrupt_lets_a_job_clean_up(any_workers: Workers, tmp_path: Path) -> None:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            any_workers.call(work.clean_up, str(tmp_path / "half"))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    wait_for((tmp_path / "half").exists)
    any_workers.interrupt()
    thread.join(10)
    assert [type(error) for error in raised] == [KeyboardInterrupt]
    assert not (tmp_path / "half").exists()


KILLED = {
    "the supervisor": lambda workers: {supervisor(workers)},
    "the fork server and all beside it": servers,
}


@pytest.mark.slow
@pytest.mark.parametrize("victims", KILLED.values(), ids=KILLED.keys())
def test_a_job_is_done_again_when_what_it_hangs_on_was_killed(
    tmp_path: Path, victims: Callable[[Workers], set[int]]
) -> None:
    workers = Workers(PRELOAD)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setenv("PYTHONPATH", str(TESTS))
        running = pool.submit(workers.call, work.sleep, str(tmp_path / "pid"), 1)
        wait_for((tmp_path / "pid").exists)
        wait_for(lambda: bool((tmp_path / "pid").read_text(encoding="utf-8")))
        child, home = int((tmp_path / "pid").read_text(encoding="utf-8")), Path(workers._home)
        (tmp_path / "pid").unlink()
        for victim in victims(workers):
            os.kill(victim, signal.SIGKILL)
        wait_for(lambda: not is_there(child))
        assert running.result(20) is None
        assert (tmp_path / "pid").exists()
        assert workers.call(work.give, 1) == 1
        assert home.exists() == (home == Path(workers._home))
    workers.close()


CALLER = """
import sys
sys.path.insert(0, sys.argv[2])
from support import engine_work as work
from orr.execution.engines.workers import Workers
workers = Workers("orr.execution.engines.worker")
waiting = workers.call(work.leave_nothing, fresh=False)
print(workers._supervisor.pid, waiting, workers._home, flush=True)
workers.call(work.sleep, sys.argv[1])
"""


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), str(ROOT)])}


def test_nothing_outlives_a_caller_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CALLER, str(tmp_path / "pid"), str(TESTS)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as caller:
        assert caller.stdout is not None
        pid, waiting, folder = caller.stdout.readline().split()
        assert folder.startswith(tempfile.gettempdir())
        wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(encoding="utf-8") != "")
        assert is_there(int(waiting))
        caller.kill()
    wait_for(lambda: not is_there(int(waiting)), seconds=1)  # else it would end by itself
    wait_for(lambda: not is_there(int((tmp_path / "pid").read_text(encoding="utf-8"))))
    wait_for(lambda: not is_there(int(pid)))
    assert not Path(folder).exists()


SCRIPT = """
import sys
print("begins", file=sys.stderr)
from support import engine_work as work
from orr.execution.engines.workers import shared
print(shared("orr.execution.engines.worker").call(work.give, 7))
"""


@pytest.mark.parametrize("piped", [False, True], ids=["a file", "standard input"])
def test_a_script_that_calls_is_not_run_again_by_its_workers(tmp_path: Path, piped: bool) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, *([] if piped else ["script.py"])]
    given = SCRIPT if piped else None
    done = subprocess.run(command, input=given, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "7\n", "begins\n")


DAEMON = """
import multiprocessing
from support import engine_work as work
from orr.execution.engines.workers import shared
def call(answer):
    answer.send(shared("orr.execution.engines.worker").call(work.give, 7))
ours, theirs = multiprocessing.Pipe()
process = multiprocessing.get_context("fork").Process(target=call, args=(theirs,), daemon=True)
process.start()
print(ours.recv())
"""


def test_a_daemon_of_the_standard_library_as_cluster_workers_are_may_call(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DAEMON], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("7\n", "")


FORKED = """
import os
from support import engine_work as work
from orr.execution.engines.workers import shared
workers = shared("orr.execution.engines.worker")
workers.call(work.leave_nothing, fresh=False)
child = os.fork()
if not child:
    assert shared("orr.execution.engines.worker") is not workers
    raise SystemExit(shared("orr.execution.engines.worker").call(work.give, 5))
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
assert workers.call(work.give, 6) == 6
"""


@pytest.mark.slow
def test_a_fork_of_the_caller_has_workers_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_for_temporary_files_may_have_a_long_name(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    home.mkdir()
    code = (
        "from orr.execution.engines.workers import shared\n"
        "print(shared('orr.execution.engines.worker').call(len, 'abc'))"
    )
    command, long = [sys.executable, "-c", code], environment() | {"TMPDIR": str(home)}
    done = subprocess.run(command, cwd=tmp_path, env=long, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("3\n", "")
    assert [*home.iterdir()] == []


CHANGED = """
import os, sys, time
from pathlib import Path
from support import engine_work as work
from orr.execution.engines import worker
from orr.execution.engines.workers import Workers
workers = Workers("noting")
first, server = workers.call(work.leave_nothing, fresh=False), workers._supervisor.pid
assert workers.call(work.leave_nothing, fresh=False) == first
file = Path(worker.__file__)
file.write_text(file.read_text() + "\\nCHANGED = True\\n")
assert workers.call(work.leave_nothing, fresh=False) != first
assert workers._supervisor.pid != server, "nothing is forked from what has loaded other code"
assert workers.call(work.loaded, "orr.execution.engines.worker", "CHANGED")
"""


@pytest.mark.slow
def test_after_its_code_has_changed_no_process_is_used_again_and_none_is_forked_from_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "orr", tmp_path / "orr", ignore=shutil.ignore_patterns("__pycache__"))
    noting = "from orr.execution.engines import worker\nworker.note_code()\n"  # as what is loaded for reports does
    (tmp_path / "noting.py").write_text(noting, encoding="utf-8")
    copied = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(TESTS)])}
    done = subprocess.run([sys.executable, "-c", CHANGED], cwd=tmp_path, env=copied, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_beside_a_thread_that_begins_in_every_python_nothing_is_forked_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(work.AGENT, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    workers = Workers(PRELOAD)
    try:
        for _ in range(2):
            with pytest.raises(CannotFork):
                workers.call(work.give, 1)
        assert children_of(supervisor(workers)) == []  # nothing is loaded in vain
    finally:
        workers.close()


@pytest.mark.slow
def test_a_fork_server_in_which_a_thread_begins_forks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crowded.py").write_text(
        f"{work.AGENT}from orr.execution.engines.preload import finish\nfinish()\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    workers = Workers("crowded")
    try:
        with pytest.raises(CannotFork):
            workers.call(work.give, 1)
    finally:
        workers.close()


def test_what_is_left_at_the_end_is_given_a_bounded_time() -> None:
    assert 0 < module.LAST < module.GRACE
