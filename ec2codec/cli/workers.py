"""Processes that check parts of the inputs, and what they find, in the order of the inputs."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from collections import deque
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Note
from ec2codec.cli.work import Batch, Found, Message, serve
from ec2codec.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

    from ec2codec.captures.parts import Part
    from ec2codec.kernel import Kernel

# Bytes of findings that may wait for those of an earlier part; a process that has more to tell waits, too.
WAITING = 32 << 20


class Worker:
    """One process."""

    def __init__(self, context: BaseContext, kernel: Kernel, input_format: str | None) -> None:
        self.connection, theirs = context.Pipe()
        # mypy knows Process of the contexts that have a name only.
        new_process: Callable[..., BaseProcess] = context.Process  # type: ignore[attr-defined]
        self._process = new_process(target=serve, args=(theirs, kernel, input_format), daemon=True)
        with _no_interrupt():
            self._process.start()
        # Where this end of it is the only one, its reader learns of the process's death.
        theirs.close()

    def end(self, *, grace: float = 0) -> int | None:
        """End it, after *grace* seconds if it does not by itself; how it did, as `Process.exitcode`."""
        self.connection.close()
        self._process.join(grace)
        self._process.terminate()
        self._process.join()
        return self._process.exitcode


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits meanwhile; in a process that is started now, for ever: it ends with this one."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Handed:
    """A part that a worker has, or has had."""

    def __init__(self, part: Part, worker: Worker) -> None:
        self.part = part
        self.worker: Worker | None = worker
        self.batches: deque[bytes] = deque()
        # If it has died meanwhile, nothing will be heard of it but that.
        with suppress(OSError):
            worker.connection.send(part)


class Workers:
    """A crew of processes.

    start_method: fork, spawn or forkserver; None for Python's choice on this system.
    """

    def __init__(
        self,
        jobs: int,
        kernel: Kernel,
        input_format: str | None,
        advance: Callable[[int], object],
        *,
        start_method: str | None = None,
    ) -> None:
        self._context = multiprocessing.get_context(start_method)
        self._kernel = kernel
        self._input_format = input_format
        self._advance = advance
        self._idle = [self._new() for _ in range(jobs)]
        self._handed: deque[_Handed] = deque()
        self._waiting = 0

    def _new(self) -> Worker:
        return Worker(self._context, self._kernel, self._input_format)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_exception: object) -> None:
        for worker in [*self._idle, *(handed.worker for handed in self._handed if handed.worker)]:
            worker.end()

    def check(self, parts: Iterable[Part]) -> Iterator[tuple[Part, Batch]]:
        """What is found in the parts, in their order, in pieces."""
        rest = iter(parts)
        self._hand_out(rest)
        while self._handed:
            first = self._handed[0]
            while first.batches:
                batch = first.batches.popleft()
                self._waiting -= len(batch)
                yield first.part, pickle.loads(batch)
            if first.worker is None:
                self._handed.popleft()
            else:
                self._listen()
            self._hand_out(rest)

    def _hand_out(self, parts: Iterator[Part]) -> None:
        while self._idle and (part := next(parts, None)) is not None:
            self._handed.append(_Handed(part, self._idle.pop()))

    def _listen(self) -> None:
        """Take what workers have to say; when much is waiting, only what is waited for."""
        heard = list(self._handed)[: 1 if self._waiting > WAITING else None]
        ready = wait([handed.worker.connection for handed in heard if handed.worker])
        for handed in heard:
            if handed.worker and handed.worker.connection in ready:
                self._take(handed.worker, handed)

    def _take(self, worker: Worker, handed: _Handed) -> None:
        try:
            message: Message = worker.connection.recv()
        except (EOFError, OSError):
            message = self._obituary(worker, handed.part)
            worker = self._new()
        self._advance(message.read)
        self._waiting += len(message.batch)
        handed.batches.append(message.batch)
        if message.done:
            handed.worker = None
            self._idle.append(worker)

    def _obituary(self, worker: Worker, part: Part) -> Message:
        """The last message of a worker that died before it could send it."""
        # It says that it has gone a little before it has.
        status = worker.end(grace=5)
        note = Note(part.file, f"the process that read it died (exit status {status})")
        return Message(0, pickle.dumps(Batch([Found(note, None)], Tally())), done=True)
