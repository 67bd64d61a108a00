"""The double's door on loopback: HTTP for those who cannot take a transport."""

import http.server
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from acca_client.testing.gate import Asked
from acca_client.testing.telling import Told

_HOST = "127.0.0.1"


@contextmanager
def serving(answer: Callable[[Asked], Told | None]) -> Generator[str]:
    """Serve on a free port of loopback until the context ends; give the URL."""
    with http.server.ThreadingHTTPServer((_HOST, 0), _handler(answer)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://{_HOST}:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _handler(
    answer: Callable[[Asked], Told | None],
) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers one request on each connection, or closes it without a word."""

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told = answer(Asked(self.command, self.path, headers, body))
            if told is None:
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            if told.status != 304:  # noqa: PLR2004 - it has no body
                self.send_header("content-length", str(len(told.body)))
            self.end_headers()
            _ = self.wfile.write(told.body)

        def log_message(  # pyright: ignore[reportImplicitOverride] - from 3.12 on
            self,
            format: str,  # noqa: A002 - the name that is overridden
            *args: object,
        ) -> None:
            """Say nothing: tests have words of their own."""

    return Handler
