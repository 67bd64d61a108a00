"""Servers that answer byte for byte as a test tells them."""

import asyncio
import contextlib

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


def reply(status, body=b"", **headers):
    told = {"content-length": str(len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body


class Scripted:
    """A server; `script` is bytes, or a coroutine function of reader and writer."""

    def __init__(self, script):
        self.script, self.requests = script, []
        self.asked, self.left = asyncio.Event(), asyncio.Event()

    async def answer(self, reader, writer):
        try:
            while head := await _read_head(reader):
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
                self.requests.append((head, await reader.readexactly(length)))
                self.asked.set()
                if callable(self.script):
                    await self.script(reader, writer)
                else:
                    writer.write(self.script)
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.left.set()
            writer.close()


async def _read_head(reader):
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


@contextlib.asynccontextmanager
async def scripted(script):
    """Run a scripted server; yield it and its port."""
    made = Scripted(script)
    tasks, writers = set(), []

    async def serve(reader, writer):
        tasks.add(asyncio.current_task())
        writers.append(writer)
        await made.answer(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield made, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            # A transport that is only closed waits for bytes that nobody reads any more.
            writer.transport.abort()
        await asyncio.sleep(0)  # The loop takes leave of a transport one turn later.
