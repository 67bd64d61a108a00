import http.server
import json
import pathlib
import re
import threading

import pytest

README = pathlib.Path(__file__).parents[2] / "client" / "README.md"
CODE = "\n".join(re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL))


@pytest.fixture
def server_url(documents):
    ticket = documents["tickets"]["quicktip"]
    verdict = {"entry": 0, "verdict": "applied", "message": None, "event": "m-1", "event_id": 1}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.tell([ticket])

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.tell({"verdicts": [verdict]} if "entries" in body else ticket)

        def tell(self, document):
            content = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_the_examples_of_the_readme_run(server_url, capsys):
    assert CODE.count("https://acca.example") == 4
    exec(CODE.replace("https://acca.example", server_url), {})
    assert capsys.readouterr().out.splitlines() == [
        "CD4BDD open 6.4 2602",
        "['668ef666333180bba97f0c93']",
        "ticket_win 668ef666333180bba97f0c93",
        "0 applied None",
    ]
