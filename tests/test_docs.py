"""The documentation names what there is: every page in the menu, every field and order on the page of strategies."""

import dataclasses
import re
from pathlib import Path
from typing import get_args

from busim.core.fleet import FleetArrays
from busim.core.view import Chargers, View
from busim.model.orders import Order

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
STRATEGIES = (DOCS / "strategies.md").read_text(encoding="utf-8")


def test_every_page_stands_in_the_menu():
    """mkdocs.yml lists each page once, and no page that is not there."""
    listed = re.findall(r"^  - .*: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == sorted(path.name for path in DOCS.glob("*.md"))


def test_links_between_pages_lead_somewhere():
    """Every relative link and picture of a page exists."""
    broken = [
        (page.name, target)
        for page in DOCS.glob("*.md")
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if not target.startswith("http") and not (DOCS / target).exists()
    ]
    assert broken == []


def test_the_page_of_strategies_names_all_that_a_view_holds():
    """Each field of the view, of the fleet's arrays and of the charging sites is told to authors of strategies."""
    told = set(re.findall(r"`(\w+)", STRATEGIES))
    columns = [field for each in (View, Chargers) for field in dataclasses.fields(each) if field.init]
    fields = {field.name for field in columns} | set(FleetArrays._fields)
    assert fields - told == set()


def test_the_page_of_strategies_names_every_order():
    """Each kind of order is told, with no other beside them."""
    told = set(re.findall(r"^\| `(\w+)\(", STRATEGIES, re.M))
    assert told == {order.__name__ for order in get_args(Order)}
