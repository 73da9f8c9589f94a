"""How the chapter looks from outside: its name, certificate, proxy and doors, asked through its public address.

wire.md §1 (signatures cover Host and path; the inbox answers 401 to whoever does not sign), §7.2 (WebFinger).
"""

import asyncio
import ssl
import statistics
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any

import msgspec

from ...errors import PeerError
from ...house import House
from ...net import Answer
from ...net.tls import get_context
from ...words import mark
from .echo import PATH, Echo, new_token
from .findings import Finding, fail, ok, warn

SOON_DAYS, NOW_DAYS = 14, 3
SKEW_S, SKEW_BAD_S = 30, 300
PEERS = 4
# An address of documentation (RFC 5737) that no visitor has.
NOBODY = "203.0.113.7"
NO_ANSWER = mark("Nobody answers at %(url)s: %(reason)s.")
IS_IT_RUNNING = mark(
    "Is the server running (systemctl status fedchapter), and does the proxy lead to it? Is port 443 open?"
)


async def check_name(house: House) -> Finding:
    """The name leads to public addresses."""
    host = house.settings.domain.partition(":")[0]
    if house.settings.local_trial:
        return ok(mark("This chapter is on localhost, for trying out: it has no public name."))
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, 443)
    except OSError:
        return fail(
            mark("The name %(host)s leads nowhere."),
            mark("Set an A record (and AAAA) for it at your DNS provider, to this server's address."),
            host=host,
        )
    addresses = sorted({str(entry[4][0]) for entry in found})
    private = [address for address in addresses if not ip_address(address.partition("%")[0]).is_global]
    shown = ", ".join(addresses)
    if private:
        return warn(
            mark("From here, the name %(host)s leads to %(addresses)s, which is not a public address."),
            mark(
                "That may be a line in /etc/hosts. Make sure that it leads to a public address from outside."
            ),
            host=host,
            addresses=shown,
        )
    return ok(mark("%(host)s leads to %(addresses)s."), host=host, addresses=shown)


async def check_certificate(house: House) -> Finding:
    """Strangers can verify the certificate, and it holds for a while."""
    if house.settings.local_trial:
        return ok(mark("On localhost there is no certificate."))
    context = get_context(house.settings.extra_ca_file)
    return await look_at_certificate(house.settings.domain, 443, context, house.clock.now())


async def look_at_certificate(host: str, port: int, context: ssl.SSLContext, now: datetime) -> Finding:
    """See check_certificate."""
    try:
        ends_at = await _certificate_ends(host, port, context)
    except ssl.SSLCertVerificationError as error:
        return fail(
            mark("Other servers do not accept the certificate of %(host)s: %(reason)s."),
            mark(
                "Let Caddy or certbot get one. A certificate without its chain works in browsers and not here."
            ),
            host=host,
            reason=error.verify_message,
        )
    except (OSError, TimeoutError) as error:
        return fail(NO_ANSWER, IS_IT_RUNNING, url=f"https://{host}", reason=_reason(error))
    days, day = (ends_at - now).days, f"{ends_at:%Y-%m-%d}"
    if days < SOON_DAYS:
        return (fail if days < NOW_DAYS else warn)(
            mark("The certificate of %(host)s ends on %(day)s."),
            mark("It should have been renewed by now: look at the log of Caddy or certbot."),
            host=host,
            day=day,
        )
    return ok(mark("The certificate of %(host)s holds until %(day)s."), host=host, day=day)


async def _certificate_ends(host: str, port: int, context: ssl.SSLContext) -> datetime:
    _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    try:
        found: Mapping[str, Any] = writer.get_extra_info("peercert")
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
    finally:
        writer.close()


async def check_clock(house: House) -> Finding:
    """Our clock agrees with those of other servers: signatures say when they were made."""
    rows = await house.database.rows(
        "SELECT host FROM peer WHERE failures = 0 AND last_out_at IS NOT NULL ORDER BY last_out_at DESC LIMIT ?",
        PEERS,
    )
    found = await asyncio.gather(
        *[_skew(house, f"https://{row['host']}/.well-known/nodeinfo") for row in rows]
    )
    skews = [skew for skew in found if skew is not None]
    if not skews:
        return ok(mark("There is no other server yet to compare the clock with."))
    skew_s = round(statistics.median(skews))
    if abs(skew_s) >= SKEW_S:
        say = fail if abs(skew_s) >= SKEW_BAD_S else warn
        return say(
            mark("This machine's clock is %(skew)s seconds off, compared with other servers."),
            mark("Turn on time synchronisation (timedatectl set-ntp true): signatures carry the time."),
            skew=abs(skew_s),
        )
    return ok(mark("The clock agrees with those of other servers."))


async def _skew(house: House, url: str) -> float | None:
    before = house.clock.now()
    try:
        answer = await house.net.get(url, accept="application/json", deadline_s=5)
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (PeerError, KeyError, ValueError):
        return None
    middle = before + (house.clock.now() - before) / 2
    return (middle - theirs).total_seconds()


async def _ask(
    house: House, path: str, *, accept: str = "*/*", headers: Mapping[str, str] | None = None
) -> Answer:
    async with house.net.for_ourselves() as net:
        pairs = list((headers or {}).items())
        return await net.get(
            house.settings.uri(path), accept=accept, sign=lambda *_: pairs, deadline_s=8, max_redirects=0
        )


async def check_finger(house: House) -> Finding:
    """Others find the chapter under its handle."""
    settings = house.settings
    account = f"acct:{settings.username}@{settings.domain}"
    url = settings.uri(".well-known/webfinger")
    try:
        answer = await _ask(house, f".well-known/webfinger?resource={account}", accept="application/jrd+json")
    except PeerError as error:
        return fail(NO_ANSWER, IS_IT_RUNNING, url=url, reason=error.message.rstrip("."))
    if answer.status != 200:
        return fail(
            mark("%(url)s answers %(status)s, so nobody finds %(handle)s."),
            mark("The proxy must pass /.well-known/webfinger on, with what stands after the question mark."),
            url=url,
            status=answer.status,
            handle=account[5:],
        )
    if _self_link(answer.body) != settings.chapter_uri:
        return fail(
            mark("%(url)s leads to another actor than %(actor)s."),
            mark("Another program answers there. Only one server can have this name."),
            url=url,
            actor=settings.chapter_uri,
        )
    return ok(mark("Others find %(handle)s."), handle=f"@{account[5:]}")


def _self_link(body: bytes) -> str:
    try:
        links = msgspec.json.decode(body, type=dict[str, Any]).get("links", [])
        return next(str(link["href"]) for link in links if link.get("rel") == "self")
    except (msgspec.DecodeError, StopIteration, KeyError, TypeError, AttributeError):
        return ""


async def check_inbox(house: House) -> Finding:
    """The inbox refuses what nobody signed."""
    url = house.settings.uri("inbox")
    try:
        async with house.net.for_ourselves() as net:
            answer = await net.post(url, b"{}", content_type="application/activity+json", deadline_s=8)
    except PeerError as error:
        return fail(NO_ANSWER, IS_IT_RUNNING, url=url, reason=error.message.rstrip("."))
    if answer.status not in (400, 401):
        return fail(
            mark("%(url)s answers %(status)s to a message without a signature; it should be 401."),
            mark("The proxy must pass POST to /inbox on, and nothing else may answer there."),
            url=url,
            status=answer.status,
        )
    return ok(mark("The inbox refuses what is not signed."))


async def check_proxy(house: House) -> Finding:
    """The proxy passes Host on as it came, and says who asks, whatever visitors claim."""
    try:
        answer = await _ask(
            house, f"{PATH}/{new_token(house.secret, house.clock.now())}", headers={"X-Forwarded-For": NOBODY}
        )
    except PeerError as error:
        return fail(NO_ANSWER, IS_IT_RUNNING, url=house.settings.origin, reason=error.message.rstrip("."))
    try:
        seen = msgspec.json.decode(answer.body, type=Echo)
    except msgspec.DecodeError:
        return fail(
            mark("Another program than this chapter answers at %(url)s."),
            mark("See where the proxy leads; and that secret.key is the one that the server runs with."),
            url=house.settings.origin,
        )
    return _judge(house, seen)


def _judge(house: House, seen: Echo) -> Finding:
    settings = house.settings
    if seen.host.lower() != settings.domain:
        return fail(
            mark(
                "The proxy changes the Host: %(seen)s arrives instead of %(domain)s, and signatures do not fit."
            ),
            mark("Caddy passes it on by itself; for nginx: proxy_set_header Host $host;"),
            seen=seen.host,
            domain=settings.domain,
        )
    if seen.client == NOBODY and not settings.local_trial:
        return fail(
            mark("Visitors can claim any address: the proxy passes their X-Forwarded-For on."),
            mark("Let it set the header itself; for nginx: proxy_set_header X-Forwarded-For $remote_addr;"),
        )
    if seen.forwarded == 0 and not settings.local_trial:
        return warn(
            mark("The proxy does not say who asks, so that all visitors share one limit."),
            mark(
                "Let it set X-Forwarded-For, and name it under trusted_proxies if it is on another machine."
            ),
        )
    if seen.proto not in ("", "https") and not settings.local_trial:
        return warn(
            mark("The proxy says that visitors come by %(proto)s instead of https."),
            mark("Let it lead http to https, or correct its X-Forwarded-Proto."),
            proto=seen.proto,
        )
    return ok(mark("The proxy passes on who asks for what."))


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
