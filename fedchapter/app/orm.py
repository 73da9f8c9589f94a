"""The configuration that tortoise's own command reads to write migrations:

    .venv/bin/tortoise -c fedchapter.app.orm.TORTOISE_ORM makemigrations -n what_changed

Only for that: a running instance makes its own from its settings.
"""

from ..store import orm_config
from .types import model_modules

TORTOISE_ORM = orm_config("sqlite:///dev/null", model_modules())
