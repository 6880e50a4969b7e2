"""Answers each request with the next scripted reply, good or bad."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer of the server.

    Attributes:
        pieces: What is streamed, piece by piece.
        status: Of HTTP.
        wait: Seconds before the first piece.
        pause: Seconds before each further piece.
        cut_after: The connection breaks after this many pieces.
        garbage_after: A chunk that is no JSON comes after this many pieces.
        content_type: Of the response.
        endless: The pieces are repeated for ever.
    """

    pieces: Sequence[str] = ()
    status: int = 200
    wait: float = 0.0
    pause: float = 0.0
    cut_after: int | None = None
    garbage_after: int | None = None
    content_type: str = "text/event-stream"
    endless: bool = False


def pieces_of(text: str, size: int = 4) -> tuple[str, ...]:
    """A text cut as a model's tokens would cut it, somewhere."""
    return tuple(text[start : start + size] for start in range(0, len(text), size))


def saying(text: str, **options: Any) -> Reply:
    """A reply that streams a text."""
    return Reply(pieces_of(text), **options)


class FakeModel:
    """The server, for as long as its context lasts; the last reply is repeated.

    ``requests`` holds the bodies of what was asked.
    """

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[dict[str, Any]] = []
        self.said: list[float] = []  # when each piece went out
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """Root of the API."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def next_reply(self) -> Reply:
        """The reply to the request just noted."""
        return self.replies[min(len(self.requests), len(self.replies)) - 1]

    def __enter__(self) -> FakeModel:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(model: FakeModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            model.requests.append(json.loads(self.rfile.read(length)))
            reply = model.next_reply()
            self.close_connection = True
            if not model.closing.wait(reply.wait):
                with contextlib.suppress(OSError):  # the other side has hung up
                    _answer(self, reply, model)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _answer(handler: BaseHTTPRequestHandler, reply: Reply, model: FakeModel) -> None:
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.content_type)
    handler.send_header("Connection", "close")
    handler.end_headers()
    if reply.status != 200:
        handler.wfile.write(b'{"error": {"message": "scripted"}}')
    elif reply.content_type != "text/event-stream":
        handler.wfile.write(b"<html>proxy login</html>")
    elif _streamed(handler, reply, model):
        _send(handler, "", "stop")
        handler.wfile.write(b"data: [DONE]\n\n")


def _streamed(handler: BaseHTTPRequestHandler, reply: Reply, model: FakeModel) -> bool:
    """Streams the pieces; False when the script breaks off."""
    for number, piece in enumerate(_pieces(reply)):
        if number == reply.garbage_after:
            handler.wfile.write(b"data: {not json\n\n")
        if number == reply.cut_after:
            return False
        if number and model.closing.wait(reply.pause):
            return False
        _send(handler, piece, None)
        model.said.append(time.perf_counter())
    return True


def _send(handler: BaseHTTPRequestHandler, piece: str, finish: str | None) -> None:
    chunk = {
        "id": "scripted",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": finish}],
    }
    handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
    handler.wfile.flush()


def _pieces(reply: Reply) -> Iterator[str]:
    yield from reply.pieces
    while reply.endless:
        yield from reply.pieces
