"""One page and the server over one socket: commands and pictures come in, events go out.

Nothing queues. The reader keeps the newest picture only; the loop takes it when it is done with the one before. Who
sends more than `MOST_A_SECOND` messages is read no faster than that, and the network holds them back.

A conversation says `welcome` after the page's `hello`; then the coach's events as they come, each picture that was
looked at ending with a `tracked` whose `of` is its capture time. Pictures of earlier times are answered by it too: they
were left out. What ends a conversation is said as a `problem`, and as the reason of the close.
"""

import asyncio
import hmac
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from ..errors import HipauditError, SourceError
from .coach import Coach
from .commands import (
    Command,
    Hello,
    NextSet,
    Record,
    Refused,
    Save,
    SaveTests,
    ShowNumber,
    Start,
    Stop,
    command,
    picture,
)
from .desk import Desk, goal
from .events import Event, Problem, SetDone, TestDone, Tracked, to_wire
from .loop import Loop

T = TypeVar("T")
HELLO_WITHIN = 5.0  # s for the first message
LEAVES_WITHIN = 3.0  # s for a page that was closed or loaded again to leave its place: its pose model is closed first
MOST_A_SECOND = 120  # messages; a camera gives 30 or 60
POLICY = 1008  # close code of the WebSocket standard: trying again would not help
LONGEST_REASON = 123  # bytes, by that standard
BUSY = "hipaudit live is open in another tab or window: close that one, then reload this page."
WRONG_TOKEN = "This page belongs to an earlier start of hipaudit live: open the address it printed now."


async def converse(socket: WebSocket, desk: Desk) -> None:
    """The whole conversation with one page, to its end."""
    await socket.accept()
    try:
        await _hello(socket, desk.token)
        await _until_free(desk)
        with desk.place() as free:
            if not free:
                raise Refused(BUSY)
            await socket.send_json(desk.welcome())
            await Conversation(socket, desk).run()
    except HipauditError as error:
        await _refuse(socket, str(error))
    except WebSocketDisconnect:
        pass  # the page was closed: its place is free again


async def _hello(socket: WebSocket, token: str) -> None:
    """Waits for the first message, which must hold the token."""
    try:
        message = await asyncio.wait_for(socket.receive(), HELLO_WITHIN)
    except TimeoutError:
        raise Refused("The first message, hello, did not come.") from None
    told = _told(message)
    if not isinstance(told, Hello):
        raise Refused("The first message must be hello with the token.")
    if not hmac.compare_digest(told.token.encode(), token.encode()):
        raise Refused(WRONG_TOKEN)


async def _until_free(desk: Desk) -> None:
    """Waits until the page before has left, or long enough to know that it stays."""
    for _ in range(round(LEAVES_WITHIN / 0.05)):
        if desk.free:
            return
        await asyncio.sleep(0.05)


def _told(message: Message) -> Command | bytes:
    """A message as it came from the socket: a command, or a picture's bytes."""
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    data = message.get("bytes")
    return data if data is not None else command(message["text"])


async def _refuse(socket: WebSocket, why: str) -> None:
    if socket.application_state is not WebSocketState.CONNECTED or socket.client_state is not WebSocketState.CONNECTED:
        return
    try:
        await socket.send_json(to_wire(Problem(0.0, why)))
        await socket.close(POLICY, why.encode()[:LONGEST_REASON].decode(errors="ignore"))
    except WebSocketDisconnect:
        pass  # it left before it was told


class Conversation:
    """What goes on after the welcome. The loop and the coach are only ever touched by one thread of their own."""

    def __init__(self, socket: WebSocket, desk: Desk) -> None:
        self._socket, self._desk = socket, desk
        self._thread = ThreadPoolExecutor(1, "hipaudit-live")
        self._loop: Loop | None = None
        self._newest: tuple[float, bytes] | None = None
        self._came = asyncio.Event()
        self._last_ms = -float("inf")
        self._zero_ms: float | None = None
        self._pace = Pace(MOST_A_SECOND)

    async def run(self) -> None:
        """Reads and looks until one of the two ends."""
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._look())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._in_thread(self._close)
            self._thread.shutdown()

    async def _read(self) -> None:
        while True:
            told = _told(await self._socket.receive())
            await self._pace.keep()
            if isinstance(told, bytes):
                self._last_ms, jpeg = picture(told, self._last_ms)
                self._newest = self._last_ms, jpeg
                self._came.set()
            elif isinstance(told, Save | SaveTests):
                await self._socket.send_json(await self._in_thread(partial(saved, self._desk, told)))
            else:
                await self._tell(await self._in_thread(partial(self._obey, told)))

    async def _look(self) -> None:
        while True:
            await self._came.wait()
            self._came.clear()
            taken, self._newest = self._newest, None
            if taken is None:
                continue
            at, jpeg = taken
            events = await self._in_thread(partial(self._show, at, jpeg))
            tracked = next((to_wire(e) for e in events if isinstance(e, Tracked)), {"type": "tracked", "xy": None})
            await self._tell([e for e in events if not isinstance(e, Tracked)])
            await self._socket.send_json({**tracked, "of": at})

    async def _tell(self, events: list[Event]) -> None:
        for event in events:
            await self._socket.send_json(to_wire(event))
        if any(
            isinstance(event, SetDone | TestDone) for event in events
        ):  # judged once it was told: that takes a while
            for problem in await self._in_thread(partial(self._desk.done, self._loop, events)):
                await self._socket.send_json(to_wire(problem))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # What follows runs in the thread.

    def _show(self, at: float, jpeg: bytes) -> list[Event]:
        if self._zero_ms is None:
            self._zero_ms = at
        if self._loop is None:
            return []  # nothing was started yet: the picture is only answered
        try:
            return self._loop.show(jpeg, self._t(at))
        except SourceError as error:
            raise Refused(str(error)) from None

    def _obey(self, told: Command) -> list[Event]:
        if isinstance(told, Hello):
            raise Refused("hello comes once.")
        if isinstance(told, Record):
            self._desk.record(told.on, told.blur)
            return []
        if isinstance(told, Start):
            return self._start(told)
        coach = self._loop.coach if self._loop else None
        if coach is None:
            return []  # before the first picture there is nothing to stop or to show
        t = self._t(self._last_ms)
        if isinstance(told, Stop):
            return coach.stop(t)
        if isinstance(told, ShowNumber):
            return coach.show_number(t)
        assert isinstance(told, NextSet)
        self._desk.begins()
        return coach.next_set(t)

    def _start(self, told: Start) -> list[Event]:
        self._close()
        asked = goal(told.movement, told.sets, told.reps, told.hold_s, told.timed, told.rest_s)

        def coached(size: tuple[int, int]) -> Coach:
            return self._desk.coach(told.movement, told.side, asked, size)

        self._desk.begins()
        self._loop = Loop(coached, self._desk.opened, self._desk)
        return []

    def _close(self) -> None:
        if self._loop is not None:
            self._loop.close()
            self._loop = None
        self._desk.drop_recording()

    def _t(self, at_ms: float) -> float:
        return (at_ms - (self._zero_ms or at_ms)) / 1000 if self._zero_ms is not None else 0.0


def saved(desk: Desk, told: Save | SaveTests) -> dict[str, str | None]:
    """What a page is told of something that was to be saved: where it is, or why it is not."""
    try:
        if isinstance(told, SaveTests):
            return {"type": "saved", "say": f"Saved in {desk.save_tests()}.", "report": None}
        folder = desk.save()
    except HipauditError as error:
        return {"type": "saved", "say": str(error), "report": None}
    return {"type": "saved", "say": f"Saved in {folder}.", "report": f"/saved/{desk.link(folder)}/report.html"}


class Pace:
    """Holds back who calls `keep` more than `most` times a second."""

    def __init__(self, most: int) -> None:
        self._most, self._count, self._since = most, 0, time.monotonic()

    async def keep(self) -> None:
        """Waits for the next second once this one is used up."""
        now = time.monotonic()
        if now - self._since >= 1:
            self._since, self._count = now, 0
        self._count += 1
        if self._count > self._most:
            await asyncio.sleep(1 - (now - self._since))
