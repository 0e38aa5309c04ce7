"""The page of a day: the moving map's data agrees with the tables, and the file needs nothing beside it."""

import itertools
import json
import re
from importlib import resources

import pytest
import worlds

from busim import metrics
from busim.core import travel as core_travel
from busim.report import FinishedDay
from busim.report.page import Heading, page
from busim.report.replay import leg_edges, replay

START = worlds.START_S


@pytest.fixture(scope="module")
def day():
    """Give a finished day on the line of eight stops: two riders one way, one who cannot be reached in time."""
    spec = worlds.scenario(service={"max_wait_s": 200, "patience_s": 200})
    network = worlds.network_of(spec)
    requests = worlds.requests(network, [(START, 2, 5), (START, 3, 6), (START + 10, 7, 3)])
    travel = core_travel.build(network, spec.travel, spec.fleet.vehicles[0].top_speed_kmh, (spec.start_s, spec.end_s))
    log = worlds.sim.build(spec, network, requests, travel).run().log
    tables = metrics.tables(log, spec, network, requests, travel)
    return FinishedDay(spec, network, requests, travel, log, tables)


def test_the_edges_of_a_leg_lead_from_its_start_to_its_end_and_are_as_long_as_it_was(day):
    """Each leg's edges join end to start, and their lengths add up to the leg's metres."""
    legs, network = day.tables["legs"], day.network
    assert legs.num_rows > 2
    for row, edges in zip((legs.row(k) for k in range(legs.num_rows)), leg_edges(legs, day.travel), strict=True):
        assert network.edge_from[edges[0]] == row["from_node"]
        assert network.edge_to[edges[-1]] == row["to_node"]
        assert all(network.edge_to[a] == network.edge_from[b] for a, b in itertools.pairwise(edges))
        assert network.edge_length_m[edges].sum() == row["length_m"]


def test_riders_wait_from_when_they_are_there_until_they_are_picked_up(day):
    """The moving map's riders are those of the rides table; who was refused does not wait."""
    riders, rides = replay(day)["riders"], day.tables["rides"]
    assert riders["outcome"] == ["served", "served", "refused"]
    assert riders["until"][:2] == rides["pickup_s"][:2].astype(int).tolist()
    assert riders["done"][:2] == rides["dropoff_s"][:2].astype(int).tolist()
    assert riders["until"][2] == riders["from"][2] == START + 10
    assert riders["done"][2] == -1


def test_a_bus_stands_where_its_last_leg_ended_and_does_what_the_states_say(day):
    """Legs and states of the moving map's buses are the tables' own, in order of time."""
    (bus,) = replay(day)["buses"]
    legs, states = day.tables["legs"], day.tables["states"]
    assert [leg[:4] for leg in bus["legs"]] == list(
        map(list, zip(*(legs[name].tolist() for name in ("leave_s", "arrive_s", "riders", "to_node")), strict=True))
    )
    assert [state[0] for state in bus["states"]] == states["start_s"].tolist()
    assert bus["charge"][0] == round(100 * day.spec.fleet.buses[0].start_charge)


def test_the_script_asks_for_nothing_that_the_data_does_not_have(day):
    """Every name that the page's script looks up in the day stands in the data, and every state has its colour."""
    script = (resources.files("busim.report") / "assets" / "replay.js").read_text(encoding="utf-8")
    data = replay(day)
    assert set(re.findall(r"\bday\.(\w+)", script)) <= set(data)
    assert set(re.findall(r"\bbus\.(\w+)", script)) - {"name", "aboard"} <= set(data["buses"][0])
    assert set(re.findall(r"\br\.(\w+)\[", script)) <= set(data["riders"])
    assert all(f"{state}: [" in script for state in data["states"])


def test_the_page_stands_alone_and_its_texts_are_escaped(day):
    """The page loads nothing from anywhere, its data is JSON again, and a name with letters of HTML stays a name."""
    heading = Heading("Day <b>one</b> & two</script>", (("Seed", "1"),), (("Served", "2", "requests"),))
    text = page(day, heading, {"served": 2.0, "wait_mean_s": 90.0}, {"waits": b"picture"})
    assert not re.search(r"(src|href)=['\"](?!data:)", text)
    assert "http" not in text
    assert "<h1>Day &lt;b&gt;one&lt;/b&gt; &amp; two&lt;/script&gt;</h1>" in text
    assert "<td>1.50</td><td>min</td>" in text
    data = re.search(r'<script type="application/json" id="day">(.*?)</script>', text, re.DOTALL)
    assert json.loads(data[1])["buses"] == json.loads(json.dumps(replay(day)["buses"]))
