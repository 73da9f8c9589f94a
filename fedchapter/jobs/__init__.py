"""Jobs: durable scheduled work, run once, by the instance's clock.

May import store and below. Decision: two sorts. A job that only writes rows runs in the very unit that marks it done,
so it happens exactly once whatever dies when. A job that touches the world outside (mail) runs between two units, so it
may happen again after a crash, and carries what the other side needs to notice.
"""

from .run import JobRunner
from .schedule import Job, job, outside_job, schedule, unschedule

__all__ = ["Job", "JobRunner", "job", "outside_job", "schedule", "unschedule"]
