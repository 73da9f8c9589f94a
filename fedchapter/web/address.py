"""Who is asking, by network address; forwarded headers are believed only from configured proxies.

operations.md §3 row D6 (spoofed X-Forwarded-For).
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request

from ..house import house_of

Address = IPv4Address | IPv6Address


def client_address(request: Request) -> str:
    """The nearest address that is not one of our proxies, as text; empty when unknown."""
    trusted = house_of(request).settings.trusted_proxies
    hops = [request.client.host if request.client else ""]
    for line in reversed(request.headers.getlist("x-forwarded-for")):
        hops += [hop.strip() for hop in reversed(line.split(","))]
    last = ""
    for hop in hops:
        address = _parsed(hop)
        if address is None:
            return last
        last = str(address)
        if not any(address in network for network in trusted):
            return last
    return last


def limit_key(request: Request) -> str:
    """The address as limits count it: IPv6 by /64, since one customer has them all."""
    address = _parsed(client_address(request))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address) if address else "unknown"


def _parsed(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
