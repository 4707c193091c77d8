"""A web server on this computer that serves one file as well, or as badly, as a test wants."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """`content`: the file. Faults, each used up once: `cuts_at` (bytes of the next answers), `codes`. `asked`: (path,
    Range header or None) of every request. ignores_range: answers with the whole file always.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.cuts_at: list[int] = []
        self.codes: list[int] = []
        self.asked: list[tuple[str, str | None]] = []
        self.ignores_range = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.02), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                wanted = self.headers.get("Range")
                site.asked.append((self.path, wanted))
                if site.codes:
                    self.send_error(site.codes.pop(0))
                    return
                begin = 0 if wanted is None or site.ignores_range else int(wanted.removeprefix("bytes=").rstrip("-"))
                if begin >= len(site.content):
                    self.send_error(416)
                    return
                body = site.content[begin:]
                self.send_response(206 if begin else 200)
                if begin:
                    self.send_header("Content-Range", f"bytes {begin}-{len(site.content) - 1}/{len(site.content)}")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if site.cuts_at:
                    body = body[: site.cuts_at.pop(0)]
                    self.close_connection = True
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Be quiet."""

        return Handler
