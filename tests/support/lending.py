"""PostgreSQL databases with all tables and no rows, lent to one test after another.

Copying a database takes half a second of the processor, emptying the tables that a test wrote to a twentieth of that.
An emptied table is a new file, so rows lie in it as in a fresh copy. A database that a test changed otherwise is not
lent again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.support.postgres import Cluster

_CLOSE = """
DO $$ BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid();
END $$
"""
_EMPTY = """
DO $$
DECLARE written text;
BEGIN
  SELECT string_agg(oid::regclass::text, ', ') INTO written FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'tortoise_migrations'
  AND pg_relation_size(oid) > 0;
  IF written IS NOT NULL THEN
    EXECUTE 'TRUNCATE ' || written || ' RESTART IDENTITY';
  END IF;
END $$
"""
# Everything that can be in the schema, and which migrations were applied.
_SHAPE = """
SELECT md5(string_agg(words, '|' ORDER BY words)) FROM (
  SELECT concat_ws(' ', relname, relkind, attname, atttypid, atttypmod, attnotnull, atthasdef, attisdropped) AS words
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relnamespace = 'public'::regnamespace AND attnum > 0
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT tgname FROM pg_trigger
  UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
  UNION ALL SELECT concat_ws(' ', app, name) FROM tortoise_migrations
) AS parts
"""


class Lending:
    """Lends databases like the template, and takes them back."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self._cluster, self._template = cluster, template
        self._shape = cluster.execute(_SHAPE, database=template)
        self._free: list[str] = []

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a database with all tables and no rows, which nobody else has in this block."""
        url = self._free.pop() if self._free else self._cluster.create(self._template)
        yield url
        self._take_back(url)

    def _take_back(self, url: str) -> None:
        """Nobody is connected to it any more; it is lent again if nothing but its rows was changed, or is dropped."""
        name = urlsplit(url).path.lstrip("/")
        if self._cluster.execute(_CLOSE, _EMPTY, _SHAPE, database=name) == self._shape:
            self._free.append(url)
        else:
            self._cluster.drop(url)
