"""What members are told about copies of the roll: that one is asked for (officers), and that two agreed (everybody)."""

from ..members import find_holders
from ..members.exports import OFFICERS, ExportAgreed, ExportAsked
from ..store import Unit, publishes
from ..words import mark
from .draft import Named, Notice, Value
from .tell import tell

PAGE = "/admin/export"


@publishes(ExportAsked)
async def asked(unit: Unit, happening: ExportAsked) -> None:
    """The other officers hear that somebody has to agree."""
    values: dict[str, Value] = {"name": Named(happening.asked_by), "reason": happening.reason}
    text = mark("%(name)s asks for a copy of the roll: %(reason)s A second officer has to agree.")
    key = f"export-asked:{happening.export_id}"
    officers = await find_holders(unit, OFFICERS, unit.now)
    await tell(unit, Notice("people", key, text, PAGE, values, by=happening.asked_by), to=officers)


@publishes(ExportAgreed)
async def agreed(unit: Unit, happening: ExportAgreed) -> None:
    """Every member hears who takes a copy of the roll, who agreed, and what for."""
    values: dict[str, Value] = {
        "name": Named(happening.asked_by),
        "other": Named(happening.decided_by),
        "reason": happening.reason,
    }
    text = mark("%(name)s takes an encrypted copy of the roll, and %(other)s agreed: %(reason)s")
    await tell(unit, Notice("chapter", f"export-agreed:{happening.export_id}", text, "/privacy", values))
