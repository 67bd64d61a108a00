"""A server in a thread of its own, for tests that call it from this one."""

import asyncio
import contextlib
import threading
from concurrent.futures import Future


@contextlib.contextmanager
def in_thread(serve):
    """Run `serve(ready, stopping)` until the context ends; give what it makes ready."""
    ready, running = Future(), Future()

    async def run():
        stopping = asyncio.Event()
        running.set_result((asyncio.get_running_loop(), stopping))
        try:
            await serve(ready, stopping)
        except BaseException as fault:
            ready.set_exception(fault)
            raise

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    loop, stopping = running.result(60)
    try:
        yield ready.result(60)
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(60)
