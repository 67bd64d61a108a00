"""Where a URL leads: its name resolved by us, and addresses that no operator may have us call."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""A host's name and port to its addresses; OSError where there are none."""

_PORTS = {"http": 80, "https": 443}


class AddressRefused(OSError):
    """A name leads only to addresses that are not to be called."""


class Place(NamedTuple):
    """The host and port of a URL; an address in brackets is without them."""

    host: str
    port: int


def place_of(url: str) -> Place:
    """Tell where a URL leads."""
    parts = urlsplit(url)
    assert parts.hostname is not None, "settings hold URLs with a host"
    return Place(parts.hostname, parts.port or _PORTS[parts.scheme])


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


async def pin(place: Place, resolve_name: Resolve, *, allow_private: bool) -> str:
    """Choose the address to call: the first that is public, or any where the deployment says so."""
    addresses = await resolve_name(place.host, place.port)
    for address in addresses:
        if allow_private or is_public(address):
            return address
    raise AddressRefused(f"{place.host} has no public address")


def is_public(address: str) -> bool:
    """Tell whether an address is anybody's: not private, shared, local, reserved or multicast."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    judged = mapped or parsed
    return judged.is_global and not judged.is_multicast
