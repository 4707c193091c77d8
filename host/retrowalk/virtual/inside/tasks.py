"""asyncio on the virtual clock: a task queue, tasks and an I/O queue in the place of those of the C module `_asyncio`.

The C ones read the real clock. Semantics are those of MicroPython's asyncio/core.py, which stays as it is and calls
these; `install` must run before asyncio is imported for the first time.
"""

import sys
from heapq import heapify, heappop, heappush

_READ = 1
_WRITE = 4
_POLL_REQUEST = 3


class TaskQueue:
    """Tasks by the moment they want to run, first come first served within a millisecond."""

    clock = None
    time = None

    def __init__(self, callback=None):
        self._heap = []
        self._sequence = 0

    def peek(self):
        """The next task, or None."""
        return self._heap[0][2] if self._heap else None

    def push(self, task, key=None):
        """Queue a task for the tick `key`, or for now."""
        now = self.time.ticks_ms()
        task.data = None
        task.ph_key = now if key is None else key
        # Ticks wrap, so the heap is ordered by moments of the clock.
        moment = self.clock.us // 1000 + self.time.ticks_diff(task.ph_key, now)
        self._sequence += 1
        heappush(self._heap, (moment, self._sequence, task))

    def pop(self):
        """Take the next task."""
        return heappop(self._heap)[2]

    def remove(self, task):
        """Take a task out."""
        heap = [entry for entry in self._heap if entry[2] is not task]
        heapify(heap)
        self._heap = heap


class Task:
    """A coroutine being run; fields as asyncio/core.py uses them."""

    loop = None
    time = None

    def __init__(self, coro, globals=None):
        self.coro = coro
        self.data = None
        self.state = True
        self.ph_key = 0
        if globals is not None:
            Task.loop = globals

    def __iter__(self):
        if not self.state:
            self.state = False
        elif self.state is True:
            self.state = TaskQueue()
        elif type(self.state) is not TaskQueue:
            raise RuntimeError("can't wait")
        return self

    def __next__(self):
        if not self.state:
            raise self.data
        current = self.loop["cur_task"]
        self.state.push(current)
        current.data = self

    def done(self):
        """Whether the coroutine has ended."""
        return not self.state

    def cancel(self):
        """Have CancelledError raised in the task; False if it has ended."""
        if not self.state:
            return False
        loop = self.loop
        if self is loop["cur_task"]:
            raise RuntimeError("can't cancel self")
        task = self
        while isinstance(task.data, Task):
            task = task.data
        run_queue = loop["_task_queue"]
        if hasattr(task.data, "remove"):
            task.data.remove(task)
            run_queue.push(task)
        elif self.time.ticks_diff(task.ph_key, self.time.ticks_ms()) > 0:
            run_queue.remove(task)
            run_queue.push(task)
        task.data = loop["CancelledError"]
        return True


class IOQueue:
    """Streams that tasks wait for: descriptors are watched by the pacer, Python objects are asked by ioctl."""

    clock = None
    pacer = None
    core = None

    def __init__(self):
        # id(stream) -> [task that reads, task that writes, stream, descriptor or -1]
        self.map = {}
        self._woken = False

    def queue_read(self, stream):
        """The current task waits until `stream` can be read."""
        self._enqueue(stream, 0)

    def queue_write(self, stream):
        """The current task waits until `stream` can be written."""
        self._enqueue(stream, 1)

    def remove(self, task):
        """`task` waits no more."""
        for waiting in list(self.map.values()):
            if waiting[0] is task or waiting[1] is task:
                self._dequeue(waiting)

    def wait_io_event(self, span_ms):
        """Let time pass for `span_ms` (-1: for ever) or until a task can run."""
        self._woken = False
        if not self.map and self.core._task_queue.peek() is None:
            # Only an interrupt can go on from here; the pacer tells if there is none to come.
            self.pacer.wait(-1, self.core._task_queue.peek)
            return
        limit_us = self.clock.us + span_ms * 1000 if span_ms >= 0 else -1
        self.pacer.wait(limit_us, self._is_woken)

    def _enqueue(self, stream, index):
        task = self.core.cur_task
        waiting = self.map.get(id(stream))
        if waiting is None:
            descriptor = stream.fileno() if hasattr(stream, "fileno") else -1
            waiting = [None, None, stream, descriptor]
            self.map[id(stream)] = waiting
        waiting[index] = task
        if waiting[3] >= 0:
            self._watch(waiting)
        task.data = self

    def _watch(self, waiting):
        def wake(descriptor, events):
            self._wake(waiting, events)

        self.pacer.watch(waiting[3], _mask(waiting), wake)

    def _dequeue(self, waiting):
        del self.map[id(waiting[2])]
        if waiting[3] >= 0:
            self.pacer.unwatch(waiting[3])

    def _is_woken(self):
        for waiting in list(self.map.values()):
            if waiting[3] < 0:
                events = waiting[2].ioctl(_POLL_REQUEST, _mask(waiting))
                if events:
                    self._wake(waiting, events)
        return self._woken

    def _wake(self, waiting, events):
        self._woken = True
        queue = self.core._task_queue
        if events & ~_WRITE and waiting[0] is not None:
            queue.push(waiting[0])
            waiting[0] = None
        if events & ~_READ and waiting[1] is not None:
            queue.push(waiting[1])
            waiting[1] = None
        if waiting[0] is None and waiting[1] is None:
            self._dequeue(waiting)
        elif waiting[3] >= 0:
            self._watch(waiting)


def _mask(waiting):
    return (_READ if waiting[0] is not None else 0) | (_WRITE if waiting[1] is not None else 0)


class _Replacement:
    TaskQueue = TaskQueue
    Task = Task


def install(clock, time_module, pacer):
    """Put asyncio on the virtual clock; sys.modules["time"] must be the virtual one already."""
    TaskQueue.clock = IOQueue.clock = clock
    TaskQueue.time = Task.time = time_module
    IOQueue.pacer = pacer
    sys.modules["_asyncio"] = _Replacement
    import asyncio.core as core

    IOQueue.core = core
    core.IOQueue = IOQueue
    core.new_event_loop()
