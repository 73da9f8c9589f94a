"""Settings that admins change on a page: text in rows, with defaults here.

What decides identity, addresses and safety is not here but in `settings`, which needs no database.
"""

from ..errors import Refusal
from ..settings import Settings
from .kinds import Reads
from .unit import Unit

ACCENTS = ("red", "green", "blue", "ochre", "plum", "teal")
DEFAULTS = {
    "accent": "red",
    "tagline": "",
    "summary": "",
    "about": "",
    "rules": "",
    "contact": "",
    "source_url": "",
    "timezone": "UTC",
    "language": "",
    "approve_followers": "no",
    "hold_first_replies": "yes",
    "queue_digest_hour": "8",
    "wave_actors": "3",
    "quotes": "public",
    "staff_second_factor": "no",
    "joining_mode": "approval",
    "joining_questions": "",
    "shared_values": "",
    "voting_wait_days": "30",
    "discreet_mail": "yes",
    "standing_needed": "no",
    "ask_legal_name": "no",
    "ask_phone": "no",
    "skills_list": "",
    "interests_list": "",
    "two_for_sisters": "yes",
    "closed_network": "no",
    # Who is told: nobody, sisters (for decisions: sister chapters alone), members, everybody.
    "publish_circle": "nobody",
    "tell_sisters": "no",
    "show_hosts": "members",
    "remote_pictures_mb": "500",
    # Days (store.retention), and what the disk may carry.
    "keep_posts": "90",
    "keep_actors": "90",
    "keep_deleted": "90",
    "keep_log": "30",
    "keep_log_texts": "7",
    "keep_deliveries": "7",
    "keep_reports": "180",
    "log_quota_mb": "512",
    "disk_free_mb": "512",
}


async def find_choices(reads: Reads) -> dict[str, str]:
    """Every choice, with its default where nothing was chosen."""
    rows = await reads.rows("SELECT name, value FROM choice")
    return DEFAULTS | {row["name"]: row["value"] for row in rows if row["name"] in DEFAULTS}


async def find_choice(reads: Reads, name: str) -> str:
    """One choice, or its default."""
    row = await reads.row("SELECT value FROM choice WHERE name = ?", name)
    return str(row["value"]) if row else DEFAULTS[name]


async def find_language(reads: Reads, settings: Settings) -> str:
    """The chapter's own language, in which it writes to other servers."""
    return await find_choice(reads, "language") or settings.language


async def choose(unit: Unit, name: str, value: str) -> None:
    """The choice stands from now on; raises Refusal for a name that is not one."""
    if name not in DEFAULTS:
        raise Refusal("no-such-choice", "There is no setting called %(name)s.", name=name)
    await unit.execute(
        "INSERT INTO choice (name, value, changed_at) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
        name,
        value,
        unit.now,
    )
