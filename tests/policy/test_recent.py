"""What unknown actors sent within the hour: what is remembered of it has an end."""

from datetime import UTC, datetime, timedelta

from fedchapter.policy.recent import ENTRIES_MAX, Recent, Sent

BEGIN = datetime(2031, 5, 1, tzinfo=UTC)


def test_a_wave_of_what_is_never_taken_leaves_nothing_behind() -> None:
    recent = Recent()
    for number in range(200):
        now = BEGIN + timedelta(minutes=number)
        sent = recent.add(
            Sent(f"https://a.test/{number}", f"https://a.test/@{number}", ("x:same",), now), now
        )
        recent.join([*recent.alike(sent), sent], f"{number:032x}")
    wave = recent.root(sent.wave)
    uris, _ = recent.unwritten(wave)
    count = len(uris)
    assert count <= 62, "what is older than an hour is not written any more"


def test_waves_that_became_one_are_forgotten_some_time() -> None:
    recent = Recent()
    for number in range(ENTRIES_MAX + 50):
        pair = [
            Sent(f"https://a.test/{number}/{one}", "", (), BEGIN, wave=f"{number:031x}{one}")
            for one in (0, 1)
        ]
        kept = recent.join(pair, "")
        recent.written(kept, (), recent.unwritten(kept)[1])
    merged, left = len(recent._merged), len(recent._taken) + len(recent._late)
    assert merged <= ENTRIES_MAX
    assert left == 0
