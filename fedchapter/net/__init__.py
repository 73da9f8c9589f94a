"""The guarded HTTP client: the only place that opens a connection to a name someone else gave us.

May import `vocab.uris` and `errors`. Decision: httpx's requests and answers over aiohttp's connections,
because httpx's own pool walks all its connections at every request (performance.md) and because aiohttp lets
us bring the resolver, which is where the guard sits: a name is resolved once, every address is checked, and
exactly those addresses are dialled, so that no second look-up can point elsewhere (operations.md B1–B3).
"""

from fedchapter.net.addresses import NetRules
from fedchapter.net.client import Answer, Net, Sign

__all__ = ["Answer", "Net", "NetRules", "Sign"]
