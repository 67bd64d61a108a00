"""Where a URL leads: its name resolved by us, and addresses that no operator may have us call."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from pyreqwest.http import Url

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""A host's name and port to its addresses; OSError where there are none."""

_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_SET_ASIDE = tuple(
    ipaddress.ip_network(block) for block in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")
)
"""Blocks of special use that the standard library takes for anybody's."""

_IPv4 = ipaddress.IPv4Address
_IPv6 = ipaddress.IPv6Address


class AddressRefused(OSError):
    """A URL leads nowhere, or only to addresses that are not to be called."""


class Place(NamedTuple):
    """The host and port of a URL; an address in brackets is without them."""

    host: str
    port: int


def place_of(url: str) -> Place:
    """Tell where a URL leads, as the client that calls it reads it.

    Another reader may see another host in `http://%6cocalhost/`, and then the address that is
    checked is not the one that is called.
    """
    try:
        parts = Url(url)
    except ValueError as fault:
        raise AddressRefused(f"not a URL that can be called: {fault}") from fault
    host, port = parts.host_str, parts.port_or_known_default
    if host is None or port is None:
        raise AddressRefused("a URL without a host or port")
    return Place(host.removeprefix("[").removesuffix("]"), port)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a name."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as fault:
        raise AddressRefused(f"not a name that can be looked up: {fault}") from fault
    return [str(address[0]) for *_, address in found]


async def pin(place: Place, resolve_name: Resolve, *, allow_private: bool) -> str:
    """Choose the address to call: the first that is public, or any where the deployment says so."""
    # The client calls an address that stands in the URL whatever its name is said to lead to.
    is_address = _parse(place.host) is not None
    addresses = [place.host] if is_address else await resolve_name(place.host, place.port)
    for address in addresses:
        if allow_private or is_public(address):
            return address
    raise AddressRefused(f"{place.host} has no public address")


def is_public(address: str) -> bool:
    """Tell whether an address is anybody's: not private, shared, local, reserved or multicast."""
    parsed = _parse(address)
    if parsed is None:
        return False
    judged = parsed if isinstance(parsed, _IPv4) else _embedded(parsed) or parsed
    if isinstance(judged, _IPv6) and judged not in _GIVEN_OUT:
        return False
    if any(judged in block for block in _SET_ASIDE):
        return False
    return judged.is_global and not (judged.is_multicast or judged.is_reserved)


def _parse(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Find the older address that a newer one stands for: that is where a call arrives."""
    if address in _TRANSLATED:
        return _IPv4(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
