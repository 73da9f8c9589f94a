"""The catalogs: one .po file for each language beside English, read when it is first spoken.

GNU gettext; Babel. A pseudo-language puts every text in brackets, so that a test
(and an eye) finds what is in no catalog.
"""

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

FOLDER = Path(__file__).parent / "languages"
# What each language calls itself.
LANGUAGES = {"en": "English", "es": "Español"}
PSEUDO = "en-XA"


class Pseudo(NullTranslations):
    """English in brackets: ⟦like this⟧."""

    def gettext(self, message: str) -> str:
        """The text in brackets."""
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for that number in brackets."""
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@cache
def catalog(language: str) -> NullTranslations:
    """The catalog of one of LANGUAGES (or PSEUDO); English has an empty one."""
    if language == PSEUDO:
        return Pseudo()
    path = FOLDER / f"{language}.po"
    if language not in LANGUAGES or not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)
