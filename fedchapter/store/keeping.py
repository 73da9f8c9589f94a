"""How long what every room shares is kept: the choices, and the record of the sweep itself."""

from ..words import mark
from .retention import Kept

KEPT = (
    Kept(
        "choices",
        mark("Settings, and when data was last erased"),
        mark("So that the chapter works as it was set up."),
        ("choice", "sweep"),
        until=mark("for good"),
    ),
)
