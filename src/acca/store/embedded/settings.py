"""How the embedded server is set: given at each start, so that they follow Acca and the machine."""

import os
from pathlib import Path

_MEGABYTE = 1 << 20
_SHARED_BUFFERS_MB_MAX = 1024
_SHARED_BUFFERS_MB_MIN = 16
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


def server_settings(*, durable: bool) -> dict[str, str]:
    """Return the settings; only tests that are not about crashes do without `durable`."""
    safe = "on" if durable else "off"
    return {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{shared_buffers_mb(memory_bytes())}MB",
        "max_wal_size": "4GB",
        "fsync": safe,
        "synchronous_commit": safe,
        "full_page_writes": safe,
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "cluster_name": "acca",
    }


def shared_buffers_mb(memory: int) -> int:
    """Return a quarter of the memory, at most 1 GB."""
    quarter = memory // 4 // _MEGABYTE
    return max(_SHARED_BUFFERS_MB_MIN, min(quarter, _SHARED_BUFFERS_MB_MAX))


def memory_bytes(container_limit: Path = _CONTAINER_LIMIT) -> int:
    """Return the memory of the machine, or of the container when that is less."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(machine, int(container_limit.read_text()))
    except (OSError, ValueError):
        return machine
