"""Words: what fedchapter says to people, in the language of whoever reads it.

May import nothing of fedchapter. Decisions: English is in the code and is the key of the catalogs (gettext), so a text
that nobody translated is still a sentence. The language is a context variable, set at the door for a request and by a
job for a letter, because a rule that refuses must not know who reads its sentence. Values stand as `%(name)s`.
"""

from .catalogs import LANGUAGES, PSEUDO
from .speech import choose_form, mark, say, say_many, speaking, spoken

__all__ = ["LANGUAGES", "PSEUDO", "choose_form", "mark", "say", "say_many", "speaking", "spoken"]
