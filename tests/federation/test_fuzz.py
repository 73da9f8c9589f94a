"""The inbox under mutated messages of every kind: every answer is one of ours, every row ends, no row is half-written.

FEDCHAPTER_FUZZ=5000 sends that many to each database; FEDCHAPTER_FUZZ_SEED begins elsewhere.
"""

import contextlib
import os
import time
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from fedchapter.signatures import SignatureError
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.support.mutate import Mutator
from tests.support.network import World
from tests.support.stage import Stage, broken_rows

ANSWERS = frozenset({202, 400, 401, 403, 404, 413, 429, 503})
MESSAGES = int(os.environ.get("FEDCHAPTER_FUZZ", "750"))
SEED = int(os.environ.get("FEDCHAPTER_FUZZ_SEED", "1"))
GROUP = 25


async def send_odd(stage: Stage, mutator: Mutator, message: dict[str, Any]) -> tuple[int, bytes]:
    """Sends a mutated message, signed as it should be; most keep their actor and get an id of their own."""
    ada, odd = stage.ada, mutator.mutate(message)
    if mutator.random.random() < 0.93:
        odd["actor"] = ada.uri
        odd["id"] = f"https://{ada.host}/odd/{mutator.random.random()}"
    if mutator.random.random() < 0.05:
        with contextlib.suppress(SignatureError):
            odd = ada.prove(odd)
    body = msgspec.json.encode(odd)
    if mutator.random.random() < 0.5:
        note = odd.get("object")
        if isinstance(note, dict) and isinstance(note.get("id"), str) and note["id"] != ada.uri:
            ada.put(note["id"], note)
    answer = await ada.send(stage.chapter, body, rfc9421=mutator.random.random() < 0.3)
    return answer.status_code, body


async def check(stage: Stage, sent: list[bytes]) -> None:
    with capture_logs() as logs:
        await stage.chapter.settle()
    faults = [entry for entry in logs if entry["log_level"] in ("error", "critical")]
    assert faults == [], (faults[0], faults[0].get("exc_info"), sent)


async def check_pages(stage: Stage) -> None:
    async with stage.chapter.client() as client:
        for uri in ["/", "/events", stage.chapter.uri, *stage.ours]:
            assert (await client.get(uri)).status_code in (200, 303, 404), uri
            as_json = await client.get(uri, headers={"Accept": ACTIVITY_JSON})
            assert as_json.status_code in (200, 303, 404), uri


@pytest.mark.parametrize("seed", [SEED])
async def test_no_message_however_odd_breaks_the_inbox_or_leaves_half_a_row(
    each_world: World, seed: int
) -> None:
    began = time.monotonic()
    stage = Stage(each_world, await each_world.chapter(), each_world.stranger())
    await stage.furnish()
    messages, mutator = stage.messages(), Mutator(seed, stage.uris)
    answers: dict[int, int] = {}
    for _ in range(MESSAGES // GROUP):
        sent: list[bytes] = []
        for _ in range(GROUP):
            status, body = await send_odd(stage, mutator, mutator.random.choice(messages))
            sent.append(body)
            answers[status] = answers.get(status, 0) + 1
            assert status in ANSWERS, (status, body)
        await check(stage, sent)
        each_world.move(seconds=30)
        await stage.befriend()
    assert await broken_rows(stage.chapter) == []
    assert answers[202] > MESSAGES / 2
    await check_pages(stage)
    print(f"{MESSAGES} messages in {time.monotonic() - began:.1f} s: {answers}")
