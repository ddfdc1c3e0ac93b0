"""A provider of video on this machine: what `teleconsultation.video.ByHttp` speaks to, with a switch to fail."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class VideoProvider:
    """`rooms`: by the word they were asked for under; `down`: answers 503 to everything."""

    def __init__(self) -> None:
        self.url = ""
        self.down = False
        self.rooms: dict[str, dict[str, str]] = {}
        self.closed: list[str] = []

    def answer(self, method: str, path: str, body: dict[str, str]) -> tuple[int, dict[str, str]]:
        """What the provider says."""
        parts = path.strip("/").split("/")
        if self.down:
            return 503, {}
        if method == "PUT":
            self.rooms[parts[1]] = body
            return 200, {"id": f"room-{parts[1]}"}
        if method == "POST":
            return 201, {"url": f"{self.url}/join/{parts[1]}/{body['role']}"}
        self.closed.append(parts[1])
        return 204, {}


@contextmanager
def video_provider() -> Iterator[VideoProvider]:
    """Served on a free port of this machine until the end of the block."""
    provider = VideoProvider()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            assert self.headers["Authorization"] == "Bearer secret"
            said = json.loads(self.rfile.read(length)) if length else {}
            status, answer = provider.answer(self.command, self.path, said)
            body = b"" if status == 204 else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_POST = do_DELETE = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
