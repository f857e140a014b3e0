"""The process that loads everything once and forks the workers from it: two workers cost one start, a lost one none.

Pipes go over a socket: the pool sends a worker's ends of two pipes, and the warm parent forks a worker that reads
its orders from the one and answers on the other. It ends when the socket does, and its workers with it.
Only where ``fork`` is safe, see ``worker.CAN_FORK``; elsewhere each worker starts by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from typing import IO

from kinerja_lib.reporting.worker import ENVIRONMENT

_MEMBER = b"w"
_PATIENCE = 5.0  # seconds that an ended worker has to be gone


class WarmParent:
    """A warm process that forks workers on request; it is loading when this returns."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kinerja_lib.reporting.worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **ENVIRONMENT},
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C reaches the command only, which ends its workers
            )
        self._socket = ours

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self.process.poll() is None

    def fork(self) -> ForkedWorker:
        """A new worker; it is ready once it says so.

        Raises
        ------
        OSError
            The warm parent is gone.
        """
        orders, send_orders = os.pipe()
        read_answers, answers = os.pipe()
        try:
            socket.send_fds(self._socket, [_MEMBER], [orders, answers])
        except OSError:
            os.close(send_orders)
            os.close(read_answers)
            raise
        finally:
            os.close(orders)
            os.close(answers)
        return ForkedWorker(
            os.fdopen(send_orders, "w", encoding="utf-8"), os.fdopen(read_answers, encoding="utf-8")
        )

    def close(self) -> None:
        """End it and every worker that is left."""
        self._socket.close()
        self.process.kill()
        self.process.wait()


class ForkedWorker:
    """A worker that the warm parent forked: what the pool uses of a ``subprocess.Popen``."""

    def __init__(self, stdin: IO[str], stdout: IO[str]) -> None:
        self.stdin, self.stdout = stdin, stdout
        self.pid: int | None = None  # told when it is ready
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it runs."""
        if self.returncode is None and self.pid is not None:
            try:
                os.kill(self.pid, 0)  # the warm parent lets none of its children linger as a zombie
            except ProcessLookupError:
                self.returncode = -signal.SIGKILL
        return self.returncode

    def kill(self) -> None:
        """End it at once, or, where its pid is not known yet, by the end of its orders."""
        with contextlib.suppress(BrokenPipeError):
            self.stdin.close()
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Wait until it is gone."""
        until = time.monotonic() + _PATIENCE
        while self.pid is not None and self.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
