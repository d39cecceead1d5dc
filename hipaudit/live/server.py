"""The page of `hipaudit live` and its socket, on this machine only.

Other programs and other people's web pages can reach a port of this machine too, so every request must name a host that
is this machine (a foreign name that was turned to this address is refused), and a socket must come from a page of this
very server (its Origin) and show the token that only the printed address holds. All that acts goes through that socket;
nothing else can be asked for but the page's own files and, under names nobody can guess, the reports that were saved.
Nothing is loaded from elsewhere and nothing here may be framed, kept in a cache or guessed to be of another type.
"""

import mimetypes
import socket
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from ..errors import OutputError
from .commands import MOST_MESSAGE
from .conversation import converse
from .desk import Desk

HOST = "127.0.0.1"
NAMES = (HOST, "localhost", "[::1]")  # what this machine calls itself
HERE = Path(__file__).parent
REPORT = "report.html"
POLICY = "content-security-policy"
# The report's own policy, in its head, is stricter than this, and a browser keeps to both.
OF_REPORT = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'"
)
SAFE = ("GET", "HEAD")
# Systems may have made .js something else, and browsers are told not to guess.
mimetypes.add_type("text/javascript", ".js")


def headers(port: int) -> dict[str, str]:
    """What every answer says to the browser."""
    sockets = " ".join(f"ws://{name}:{port}" for name in NAMES[:2])  # older browsers do not count them as 'self'
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "font-src": "'self'",
        "connect-src": f"'self' {sockets}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        POLICY: "; ".join(f"{key} {value}" for key, value in policy.items()),
        "permissions-policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }


class Guard:
    """Lets through what comes from this machine and from a page of this server; every answer bears `headers`."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in NAMES}
        self._headers = [(key.encode(), value.encode()) for key, value in headers(port).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket."""
        asked = Headers(scope=scope)
        why = self._refusal(scope, asked)
        if why is None:
            await self._app(scope, receive, partial(self._send, send))
        elif scope["type"] == "websocket":
            await receive()  # the request to open, which is then refused with status 403
            await send({"type": "websocket.close", "code": 1008, "reason": why})
        else:
            await PlainTextResponse(why, 403)(scope, receive, partial(self._send, send))

    def _refusal(self, scope: Scope, asked: Headers) -> str | None:
        hosts, origins = asked.getlist("host"), asked.getlist("origin")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return "hipaudit live answers this machine only: open the address it printed."
        acts = scope["type"] == "websocket" or scope["method"] not in SAFE
        if acts and origins != [f"http://{hosts[0].lower()}"]:
            return "This must come from the page of hipaudit live itself."
        return None

    async def _send(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(key.lower(), value) for key, value in message.get("headers", ())]
            said = {key for key, _ in own}  # a report has its own policy
            message = {**message, "headers": [*own, *((k, v) for k, v in self._headers if k not in said)]}
        await send(message)


def application(desk: Desk, port: int) -> ASGIApp:
    """The server's application for one desk; `port` is the one it is served on."""

    async def page(request: Request) -> Response:
        return FileResponse(HERE / "templates" / "live.html")

    async def talk(websocket: WebSocket) -> None:
        await converse(websocket, desk)

    async def report(request: Request) -> Response:
        folder = desk.linked.get(request.path_params["name"])
        if folder is None:
            return PlainTextResponse("There is no such report.", 404)
        return FileResponse(folder / REPORT, headers={POLICY: OF_REPORT})

    routes = [
        Route("/", page),
        Route(f"/saved/{{name}}/{REPORT}", report),
        WebSocketRoute("/ws", talk),
        Mount("/static", StaticFiles(directory=HERE / "static")),
        Mount("/figure", StaticFiles(packages=[("hipaudit.figure", "static")])),
    ]
    return Guard(Starlette(routes=routes), port)


def listening(port: int) -> socket.socket:
    """A socket of this machine's own loopback at `port`, at any free one for 0.

    Raises:
        OutputError: the port is taken or not to be had.
    """
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        raise OutputError(f"Port {port} cannot be used ({error}): choose another with --port.") from error


def server(desk: Desk, at: socket.socket) -> uvicorn.Server:
    """The server for a listening socket; run it with `server.run(sockets=[at])`."""
    config = uvicorn.Config(
        application(desk, at.getsockname()[1]),
        ws="websockets-sansio",  # reads a message only when the one before was taken: senders are held back
        ws_max_size=2 * MOST_MESSAGE,  # up to here a sentence says that it is too large, beyond the protocol does
        ws_per_message_deflate=False,  # pictures are packed already
        http="h11",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=64,
    )
    return uvicorn.Server(config)


def address(desk: Desk, at: socket.socket) -> str:
    """Where the page is, with the token behind the #, which browsers do not send."""
    return f"http://{HOST}:{at.getsockname()[1]}/#{desk.token}"
