"""What the tests of the engines do in workers: functions of a module, as every job is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

AGENT = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
"""A `sitecustomize.py` that begins a thread in every Python, as monitoring agents and debuggers do."""


def give(what: Any) -> Any:
    return what


def pid() -> int:
    return os.getpid()


def fail(words: str) -> None:
    raise ValueError(words)


class StubbornError(Exception):
    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


def fail_stubbornly() -> None:
    raise StubbornError("a", "b")


def give_what_cannot_travel() -> Any:
    return lambda: None


def leave(how: int) -> None:
    os._exit(how)


def kill_oneself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def say_and_leave() -> None:
    os.write(1, b"success")
    for number in range(3, 20):
        try:
            os.write(number, b"\0\0\0\0\0\0\0\1N")
        except OSError:
            continue
    os._exit(0)


def say_half() -> None:
    """Write the beginning of a long message wherever the answer may go, and wait."""
    for number in range(3, 20):
        try:
            os.write(number, b"\0\1\0\0half")
        except OSError:
            continue
    time.sleep(60)


def loaded(name: str, attribute: str) -> bool:
    return hasattr(sys.modules[name], attribute)


def sleep(path: str, seconds: float = 60) -> None:
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(seconds)


def clean_up(path: str) -> None:
    try:
        Path(path).write_text("busy", encoding="utf-8")
        time.sleep(60)
    finally:
        Path(path).unlink()


def ignore_interrupts(path: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sleep(path)


def run_a_program(path: str) -> None:
    from orr.system.programs import run

    write = f"import os, pathlib, time; pathlib.Path({path!r}).write_text(str(os.getpid())); time.sleep(60)"
    arguments = ([sys.executable, "-c", write], Path.cwd(), {}, 50)
    thread = threading.Thread(target=run, args=arguments, daemon=True)  # as checks are
    thread.start()
    thread.join()


def leave_a_child(path: str) -> int:
    pid = os.fork()
    if not pid:
        time.sleep(60)
        os._exit(0)
    Path(path).write_text(str(pid), encoding="utf-8")
    return pid


def leave_a_session(path: str, killed: bool) -> int:
    """Leave a program that leads a session of its own, and one that it began itself in another."""
    inner = f"[{sys.executable!r}, '-c', 'import time; time.sleep(60)']"
    program = (
        "import pathlib, subprocess, time\n"
        f"begun = subprocess.Popen({inner}, start_new_session=True)\n"
        f"pathlib.Path({path!r}).write_text(str(begun.pid))\n"
        "time.sleep(60)"
    )
    left = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    while not Path(path).exists() or not Path(path).read_text(encoding="utf-8"):
        time.sleep(0.01)
    if killed:
        kill_oneself()
    return left.pid


def leave_nothing(how: str = "") -> int:
    """Say that nothing is left, after something is; give this process."""
    from orr.execution.engines import worker

    assert worker.here is not None
    worker.here.left_nothing = True
    if how:
        LEFT[how]()
    return os.getpid()


def leave_a_file() -> None:
    Path("left").touch()


def leave_a_thread() -> None:
    threading.Thread(target=threading.Event().wait, daemon=True).start()


def leave_a_builtin() -> None:
    import builtins

    builtins.left = True  # type: ignore[attr-defined]


def leave_a_program() -> None:
    subprocess.Popen(["sleep", "60"])


def leave_other_words() -> None:
    sys.stdout = sys.stderr


LEFT = {
    "a variable of the environment": lambda: os.environ.update(LEFT="1"),
    "another folder": lambda: os.chdir("/"),
    "a file": leave_a_file,
    "a place to import from": lambda: sys.path.insert(0, "/left"),
    "a builtin": leave_a_builtin,
    "an open file": lambda: os.open("/dev/null", os.O_RDONLY),
    "a thread": leave_a_thread,
    "a program": leave_a_program,
    "a mask": lambda: os.umask(0o777),
    "a depth": lambda: sys.setrecursionlimit(55_555),
    "another stream": leave_other_words,
}


def fail_in_a_used_child(how: str) -> int:
    """Leave nothing the first time; the second time in the same process, fail."""
    pid = leave_nothing()
    if hasattr(fail_in_a_used_child, "used"):
        if how == "raise":
            raise ValueError("used")
        if how == "give":
            return give_what_cannot_travel()  # type: ignore[no-any-return]
        if how == "sleep":
            time.sleep(60)
        os._exit(0)
    fail_in_a_used_child.used = True  # type: ignore[attr-defined]
    return pid


def draw_and_leave_nothing() -> tuple[int, float, float]:
    return leave_nothing(), *draw()


def leave_a_mess() -> None:
    """Change everything of this process that one can think of."""
    import builtins
    import random

    import numpy as np
    import pandas as pd

    builtins.mess = True  # type: ignore[attr-defined]
    os.environ["MESS"] = "1"
    os.chdir("/")
    os.umask(0o777)
    sys.path.insert(0, "/mess")
    sys.modules["mess"] = sys
    sys.setrecursionlimit(55_555)
    pd.set_option("display.max_rows", 3)
    random.seed(1)
    np.random.seed(1)
    os.open("/dev/null", os.O_RDONLY)


def look_around() -> dict[str, Any]:
    import builtins

    return {
        "folder": str(Path.cwd()),
        "empty": not any(Path.cwd().iterdir()),
        "environment": os.environ.get("MESS"),
        "asked": os.environ.get("ASKED"),
        "builtins": hasattr(builtins, "mess"),
        "modules": "mess" in sys.modules,
        "path": "/mess" in sys.path,
        "recursion": sys.getrecursionlimit() == 55_555,
        "mask": os.umask(0o022) == 0o777,
        "pandas": "pandas" in sys.modules,
        "files": sorted(int(file.name) for file in Path("/proc/self/fd").iterdir()),
        "threads": len(list(Path("/proc/self/task").iterdir())),
    }


def environment() -> tuple[dict[str, str], dict[str, str]]:
    told = subprocess.run(["env", "-0"], capture_output=True, text=True, check=True).stdout
    return dict(os.environ), dict(line.split("=", 1) for line in told.split("\0") if line)


def draw() -> tuple[float, float]:
    import random

    import numpy as np

    return random.random(), float(np.random.random())


def hang_with_a_folder_of_a_thread(told: Path) -> None:
    from orr.system.processes import temporary_folder

    def hang() -> None:
        with temporary_folder() as folder:
            told.write_text(folder, encoding="utf-8")
            time.sleep(60)

    threading.Thread(target=hang, daemon=True).start()
    time.sleep(60)


def read_workload(root: Path, name: str) -> tuple[int, list[str], set[str]]:
    """This process, what the items of a workload ask, and what kinds of files had to be made something of."""
    from orr.source.file import InputFile
    from orr.workspace.workspace import Workspace

    made, read_as = set(), InputFile.read_as

    def noting(self: InputFile, kind: type[Any]) -> Any:
        made.add(kind.__name__)
        return read_as(self, kind)

    InputFile.read_as = noting
    case = Workspace(root).case(name)
    asked = [item.ask for one in case.checklists for part in one.sections for item in part.items]
    return leave_nothing(), asked, made


def report_and_list(root: Path, workload: str, out: Path) -> tuple[set[str], set[str]]:
    """What modules there are before a report and after it."""
    from datetime import date

    before = set(sys.modules)
    from orr.execution.engines import WORKER
    from orr.report.run import run_report

    run_report(root, workload, out, date(2026, 11, 23), "en", engine=WORKER)
    return before, set(sys.modules)


def leave_a_daemon(path: str) -> int:
    """Put a program elsewhere: it leads a session, and whoever began it is gone."""
    program = (
        "import os, sys, time\nif os.fork(): sys.exit()\nos.setsid()\n"
        f"open({path!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    while not Path(path).exists() or not Path(path).read_text(encoding="utf-8"):
        time.sleep(0.01)
    return leave_nothing()
