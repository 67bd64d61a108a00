"""The drivers against a real socket: cut, slow, endless and redirected answers."""

import contextlib
import socket
import threading
import time

import pytest

from acca_client import transport
from acca_client.conversation import Patience
from acca_client.errors import AccaError, Unreached, Unreadable
from acca_client.feed import AsyncFeedClient, FeedClient

ENTRIES = [{"kind": "alive"}]
GOOD_BODY = b'{"verdicts":[{"entry":0,"verdict":"applied"}]}'
GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(GOOD_BODY), GOOD_BODY)
QUICK = Patience(total_seconds=5, try_seconds=2, pause_seconds=0.01)
IMPATIENT = Patience(total_seconds=0.3, try_seconds=0.3, pause_seconds=10)


def read_request(connection):
    received = b""
    while b'{"entries":[{"kind":"alive"}]}' not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return
        received += chunk


class Server:
    """Answers each connection with the next of its chunks, dripped slowly where it is told to."""

    def __init__(self, *answers, drip_seconds=0):
        self.answers, self.drip_seconds, self.served = answers, drip_seconds, 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def __exit__(self, *_):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(10)

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                with connection:
                    self.answer(connection)

    def answer(self, connection):
        chunks = self.answers[min(self.served, len(self.answers) - 1)]
        self.served += 1
        read_request(connection)
        with contextlib.suppress(OSError):
            for chunk in chunks:
                connection.sendall(chunk)
                time.sleep(self.drip_seconds)


def send_blocking(url, patience):
    with FeedClient(url, "provider", "key", patience=patience) as feed:
        return feed.send(ENTRIES)


async def send_awaiting(url, patience):
    async with AsyncFeedClient(url, "provider", "key", patience=patience) as feed:
        return await feed.send(ENTRIES)


async def outcomes(patience, make_server):
    """Send to a server of its own in both ways; the verdicts' words, or the errors."""
    found = []
    with make_server() as url:
        try:
            found.append([one.verdict for one in send_blocking(url, patience)])
        except AccaError as error:
            found.append(error)
    with make_server() as url:
        try:
            found.append([one.verdict for one in await send_awaiting(url, patience)])
        except AccaError as error:
            found.append(error)
    return found


@pytest.mark.parametrize(
    "cut", [[], [b"HTTP/1.1 200"], [GOOD[:-10]], [b"\x00\xff\r\n\r\n"]], ids=len
)
async def test_a_cut_answer_is_asked_for_again(cut):
    assert [["applied"]] * 2 == await outcomes(QUICK, lambda: Server(cut, [GOOD]))


async def test_nobody_listening_is_unreached():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(Unreached, match="ConnectError"):
        send_blocking(url, IMPATIENT)
    with pytest.raises(Unreached, match="ConnectError"):
        await send_awaiting(url, IMPATIENT)


async def test_an_answer_that_drips_does_not_hold_the_call():
    dripping = [GOOD[:40], *(GOOD[place : place + 1] for place in range(40, len(GOOD)))]
    began = time.monotonic()
    found = await outcomes(IMPATIENT, lambda: Server(dripping, drip_seconds=0.1))
    assert ["the answer took too long"] * 2 == [str(error) for error in found]
    assert [Unreached] * 2 == [type(error) for error in found]
    assert time.monotonic() - began < 5


async def test_headers_that_drip_do_not_hold_an_awaiting_call():
    dripping = [GOOD[place : place + 1] for place in range(len(GOOD))]
    with Server(dripping, drip_seconds=0.1) as url:
        began = time.monotonic()
        with pytest.raises(Unreached, match="the answer took too long"):
            await send_awaiting(url, IMPATIENT)
        assert time.monotonic() - began < 3, "the headers alone take longer"


async def test_silence_is_unreached():
    found = await outcomes(IMPATIENT, lambda: Server([b""], drip_seconds=1))
    assert [Unreached] * 2 == [type(error) for error in found]


async def test_an_endless_answer_is_cut(monkeypatch):
    monkeypatch.setattr(transport, "ANSWER_BYTES_MAX", 1_000)
    endless = [b"HTTP/1.1 200 OK\r\n\r\n", *[b" " * 600] * 1_000]
    found = await outcomes(IMPATIENT, lambda: Server(endless))
    assert ["the answer is too long"] * 2 == [str(error) for error in found]


async def test_a_redirect_is_not_followed():
    redirect = b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n"
    found = await outcomes(QUICK, lambda: Server([redirect], [GOOD]))
    assert [Unreadable] * 2 == [type(error) for error in found]
