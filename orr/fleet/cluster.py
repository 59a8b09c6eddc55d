"""A Dask cluster as an executor, and what is wrong with its workers."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.system.addresses import shown_address, without_secrets_of
from orr.system.version import __version__

WORKER_SECONDS = 120
"""How long it is waited for a cluster to have a worker."""
CLUSTER_WIDTH = 1000
"""How many workloads a cluster is given at once: it shares them out, and may grow for them."""

OpenPool = Callable[[int], Executor]
"""Opens an executor for at most so many workloads at once."""


class NoScheduler(OrrError):
    """The scheduler cannot be used; `why` says it in words, `installed` whether the extra is there."""

    def __init__(self, why: Message, *, installed: bool) -> None:
        super().__init__(why)
        self.installed = installed


@contextmanager
def cluster(
    address: str,
    seconds: float = 30,
    *,
    root: Path | None = None,
    warn: Callable[[Message], None] = lambda _: None,
    worker_seconds: float = WORKER_SECONDS,
) -> Iterator[tuple[OpenPool, int]]:
    """Use a Dask cluster, whose workers see the workspace under the same path.

    Parameters
    ----------
    address, seconds
        Of its scheduler, and how long that may take to answer.
    root
        The workspace; workers that do not see it, or have no orr of this version, are told of and get no work.
    warn
        Called with what is wrong with some of the workers.
    worker_seconds
        How long there may be no worker.

    Yields
    ------
    tuple
        For `orr.fleet.pool.over`: what opens an executor, and how many workloads the cluster can do at
        once.

    Raises
    ------
    NoScheduler
        If the extra `orr[dask]` is missing, nobody answers at the address, or no worker can do the work.
    """
    try:
        import distributed
    except ModuleNotFoundError:
        raise NoScheduler(say("fleet.no-dask"), installed=False) from None
    level = logging.root.manager.disable
    logging.disable()  # what becomes of the cluster is told in a line, not in tracebacks of its loop
    try:
        connect: Any = distributed.Client  # its types are not told
        # A client that could not connect closes itself when it is collected: while another starts, it would wait for
        # that one for ever.
        gc.collect()
        try:
            client = connect(address, timeout=seconds, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            where, problem = shown_address(address), without_secrets_of(address, " ".join(str(error).split()))
            raise NoScheduler(say("fleet.no-scheduler", address=where, problem=problem), installed=True) from None
        with client:
            missing = say("fleet.no-worker", address=shown_address(address), seconds=worker_seconds)
            workers = None if root is None else _usable(client, root, warn, worker_seconds, missing)

            def open_pool(_width: int) -> Executor:
                pool: Any = client.get_executor(pure=False, workers=workers)
                pool.look = _Look(client, workers, worker_seconds, missing)
                return pool  # type: ignore[no-any-return]

            yield open_pool, CLUSTER_WIDTH
    finally:
        logging.disable(level)


class _Look:
    """Watch for a worker that can do the work; NoScheduler after too long."""

    def __init__(self, client: Any, workers: Collection[str] | None, seconds: float, missing: Message) -> None:
        self._client, self._workers, self._seconds, self._missing = client, workers, seconds, missing
        self._seen = time.monotonic()

    def __call__(self) -> None:
        there = self._client.scheduler_info()["workers"]
        if there if self._workers is None else not there.keys().isdisjoint(self._workers):
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > self._seconds:
            raise NoScheduler(self._missing, installed=True)


def _usable(
    client: Any, root: Path, warn: Callable[[Message], None], seconds: float, missing: Message
) -> list[str] | None:
    """The workers that can do the work; None where all can."""
    if not client.nthreads():
        warn(say("fleet.no-worker-yet", seconds=seconds))
        asked = client.submit(len, (), pure=False)  # for a cluster that grows with what it is asked
        try:
            client.wait_for_workers(1, timeout=seconds)
        except TimeoutError:
            raise NoScheduler(missing, installed=True) from None
        finally:
            asked.release()
    # Nothing of orr is needed there for these.
    versions = client.run(metadata.version, "orr", on_error="return")
    seen = client.run((root / "orr.yaml").read_bytes, on_error="return")
    own = (root / "orr.yaml").read_bytes()
    usable = []
    for worker in sorted(versions):
        if versions[worker] != __version__:
            found = versions[worker] if isinstance(versions[worker], str) else "–"
            warn(say("fleet.worker-version", worker=worker, found=found, wanted=__version__))
        elif seen.get(worker) != own:
            warn(say("fleet.worker-blind", worker=worker, root=str(root)))
        else:
            usable.append(worker)
    if not usable:
        raise NoScheduler(say("fleet.no-usable-worker"), installed=True)
    return usable if len(usable) < len(versions) else None
