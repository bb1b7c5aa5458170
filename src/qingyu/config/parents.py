"""A child must not outlive its parent: the kernel ends it on Linux, a look once a second elsewhere.

So `kill -9` of a supervisor leaves nobody behind who still holds the port or works on the log.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def before_exec() -> Callable[[], None] | None:
    """What a child of ``subprocess`` does before it becomes its program, so that it ends with us (Linux)."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def end_with(parent: int) -> None:
    """Have this process told to stop when its parent dies; ``parent`` is the process id it was started by."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
