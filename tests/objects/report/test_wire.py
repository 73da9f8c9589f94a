"""What goes over the wires for reports is what stands in tests/peers/fedchapter, key by key and in that order."""

from fedchapter.members import Role
from tests.objects.board.test_board import overhear
from tests.objects.board.test_wire import comparable
from tests.objects.sister.test_sisters import made_sisters
from tests.support.network import World
from tests.support.peers import PEERS

FILES = ("flag", "report-outcome")


async def test_reports_have_the_shape_of_their_samples(world: World) -> None:
    riverside, hillside = await made_sisters(world)
    heard = overhear(world)
    form = {"target": riverside.uri, "text": "This is not what we agreed."}
    asking = await hillside.signed_in(Role.MODERATOR)
    assert (await asking.post("/admin/reports/send", data=form)).status_code == 303
    await world.settle()
    [report] = await riverside.rows("SELECT id FROM report")
    deciding = await riverside.signed_in(Role.MODERATOR)
    await deciding.post(f"/admin/reports/{report['id']}", data={"act": "close", "outcome": "acted"})
    await world.settle()
    sent = [comparable(one.partition(" ")[2]) for one in heard if "/inbox {" in one]
    files = [(PEERS / "fedchapter" / f"{name}.json").read_text() for name in FILES]
    assert sent == [comparable(text) for text in files]
    assert [list(one) for one in sent] == [list(comparable(text)) for text in files]
