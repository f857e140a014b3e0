"""A warm process that makes reports: it imports once, then forks one child for each report.

``python -m kinerja_lib.reporting.worker`` reads one job per line (JSON) from standard input and answers
with one event per line. Where ``fork`` exists, each report runs in a child of its own, so that nothing
leaks into the next one and a crash, a time limit or a memory limit ends one report only. Elsewhere
(Windows, macOS, or with KINERJA_NO_FORK set) the job runs in the worker itself and the parent replaces the worker
after some reports.
When standard input ends, the worker ends, and takes its child with it.

With the number of a socket as its argument it makes no report, but forks a worker for each pair of pipes that comes
over the socket (see ``warm_parent``).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NoReturn

from kinerja_lib.errors import Both, KinerjaError, in_language
from kinerja_lib.reporting.endings import storage_fault
from kinerja_lib.reporting.warm import hold_tables, learned, loaded, prepare, tables_read, take_over, warm_up

CAN_FORK = sys.platform.startswith("linux") and not os.environ.get("KINERJA_NO_FORK")
LEARNED_BYTES = 60_000  # what a pipe holds without a reader
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
#: of every worker: one thread a report, and nothing that stands in the way of forking (a thread of Arrow's pool)
ENVIRONMENT = {
    **dict.fromkeys(THREAD_VARIABLES, "1"),
    "MPLBACKEND": "agg",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def main() -> None:
    """Serve jobs until standard input ends, or fork workers until the socket does."""
    if len(sys.argv) > 1:
        _fork_workers(int(sys.argv[1]))
        return
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # whatever a report prints must not disturb the answers
    orders = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # nor may what it reads take the orders of others
    os.close(nothing)
    if CAN_FORK:
        _die_with_parent()
    warm_up()
    _serve_orders(orders, answers)


def _fork_workers(number: int) -> None:
    """Load everything, then fork a worker for each pair of pipes, until the socket ends."""
    os.dup2(2, 1)
    _die_with_parent()
    warm_up()
    gc.freeze()
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(fileno=number) as control:
        while True:
            message, pipes, _, _ = socket.recv_fds(control, 1, 2)
            if not message:
                return
            if os.fork() == 0:
                control.close()
                _as_worker(*pipes)
            for pipe in pipes:
                os.close(pipe)


def _reap(*_: object) -> None:
    """Let no ended worker linger as a zombie."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def _as_worker(orders: int, answers: int) -> NoReturn:
    """Serve the orders of a pipe in a process that was just forked, then end."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _die_with_parent()
        with (
            os.fdopen(orders, encoding="utf-8") as reading,
            os.fdopen(answers, "w", encoding="utf-8", newline="\n") as writing,
        ):
            _serve_orders(reading, writing)
        code = 0
    finally:
        os._exit(code)


def _serve_orders(orders: IO[str], answers: IO[str]) -> None:
    if CAN_FORK:
        _adopt_orphans()
    _send(answers, event="ready", pid=os.getpid())
    for line in orders:
        order = json.loads(line)
        if CAN_FORK:
            _in_child(order, answers)
        else:
            _serve(order, lambda **facts: _send(answers, **facts))


def _in_child(order: dict[str, Any], answers: IO[str]) -> None:
    _hash_inputs(order)
    prepare(order["job"]["template_path"])
    gc.freeze()  # a child's collections leave alone what it shares with its parent, so pages stay shared
    before = loaded()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setpgid(0, 0)  # so that what a cell starts can be ended with it
            _die_with_parent()
            _limit_memory(int(order.get("memory_mb", 0)))
            _serve(order, lambda **facts: _send(answers, **facts))
            os.write(writing, "\n".join([*tables_read(), *learned(before), ""]).encode()[:LEARNED_BYTES])
            code = 0
        finally:
            answers.flush()
            os._exit(code)
    os.close(writing)
    _send(answers, event="forked", pid=pid)
    _, status = os.waitpid(pid, 0)
    _end_leftovers(pid)
    _send(answers, event="exited", code=os.waitstatus_to_exitcode(status))
    os.set_blocking(reading, False)
    with os.fdopen(reading, "rb") as pipe:
        names = (pipe.read() or b"").decode("utf-8", "ignore").split("\n")
    del names[-1]  # empty, or cut
    take_over(names)
    hold_tables(names)


def _hash_inputs(order: dict[str, Any]) -> None:
    """Hash what the report reads, once for all; a fault is the child's to tell."""
    from kinerja_lib.reporting.manifest import hash_once

    try:
        hash_once(Path(order["root"]), order["job"]["periode"])
    except (KinerjaError, OSError):
        return


def _serve(order: dict[str, Any], send: Callable[..., None]) -> None:
    from kinerja_lib.reporting.plan import Job
    from kinerja_lib.reporting.runner import run_job

    job = Job.from_dict(order["job"])
    try:
        result = run_job(
            job,
            Path(order["root"]),
            key=order["key"],
            engine=order["engine"],
            note=lambda stage: send(event="stage", stage=stage),
        )
    except KinerjaError as error:
        send(event="failed", message={lang: error.text(lang) for lang in ("id", "en")})
    except MemoryError:
        send(event="failed", message=_texts(Both("batas memori tercapai", en="memory limit reached")))
    except OSError as error:
        traceback.print_exc()
        send(event="failed", message=_texts(storage_fault(error)))
    except Exception as error:  # noqa: BLE001
        # The boundary of a report: its failure is recorded, and the batch goes on.
        traceback.print_exc()
        send(event="failed", message=_texts(f"{type(error).__name__}: {error}"[:500]))
    else:
        send(event="done", **{"files": list(result.files), "seconds": result.seconds, **_timings(result)})


def _texts(text: str) -> dict[str, str]:
    return {lang: in_language(text, lang) for lang in ("id", "en")}


def _timings(result: Any) -> dict[str, Any]:
    return {"execute": result.execute_seconds, "export": result.export_seconds, **result.facts}


def _limit_memory(megabytes: int) -> None:
    if megabytes > 0:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies, so that no orphan stays behind."""
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def _adopt_orphans() -> None:
    """Become the parent of what an ended report leaves running, so that it can be found."""
    set_child_subreaper = 36
    ctypes.CDLL(None).prctl(set_child_subreaper, 1)


def _end_leftovers(group: int) -> None:
    """Kill what an ended report left running: its process group, then everything this process has adopted."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    own = Path("/proc/self/task") / str(os.getpid()) / "children"
    for _ in range(100):  # killing one hands its children on to here
        try:
            left = [int(text) for text in own.read_text(encoding="ascii").split()]
        except OSError:
            return
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _send(answers: IO[str], **facts: Any) -> None:
    answers.write(json.dumps(facts, ensure_ascii=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
