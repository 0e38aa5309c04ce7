"""Every key is documented; the documentation, the schema and the models agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from busim.scenario import PRESETS, schema
from busim.scenario.document import Document, models, sections
from busim.scenario.fields import bounds, literals
from busim.scenario.reference import fill, keys_markdown

DOCS = Path(__file__).parents[2] / "docs" / "scenario.md"
KEYS = [
    (table, key, field)
    for name, model in sections().items()
    for table, inner in models(name, model)
    for key, field in inner.model_fields.items()
]


@pytest.mark.parametrize(("table", "key", "field"), KEYS, ids=[f"{table}.{key}" for table, key, _ in KEYS])
def test_every_key_has_a_description_and_numbers_a_range(table, key, field):
    """What a key means and allows can be told from its declaration."""
    assert field.description
    is_number = any(kind in str(field.annotation) for kind in ("int", "float")) and not literals(field)
    if is_number and "seconds_of_day" not in f"{field.metadata}{field.annotation}":
        low, high = bounds(field)
        assert low < high < float("inf"), f"{table}.{key} has no range"


def test_only_depots_and_charger_places_are_required():
    """All else has a default."""
    required = [(table, key) for table, key, field in KEYS if field.is_required()]
    assert required == [("fleet", "depots"), ("charging.charger", "place")]


def test_the_documentation_holds_the_tables_as_the_models_make_them():
    """docs/scenario.md is filled by busim.scenario.reference.fill; run it after a change of the models."""
    text = DOCS.read_text(encoding="utf-8")
    assert fill(text) == text
    assert keys_markdown() in text


def test_schema():
    """The JSON Schema names every section and key, allows extends, and lets a file that extends another be short."""
    made = schema()
    json.dumps(made)
    assert set(made["properties"]) == {*Document.model_fields, "extends"}
    assert "required" not in made
    fleet = made["$defs"]["FleetSection"]
    assert "required" not in fleet
    assert fleet["properties"]["vehicle"]["enum"] == list(PRESETS)
    assert fleet["additionalProperties"] is False
    assert made["$defs"]["DispatchSection"]["additionalProperties"] is True
    assert made["$defs"]["ServiceSection"]["properties"]["max_wait_min"]["maximum"] == 60
