"""Tiny maps written by the tests."""

from pathlib import Path

import pytest

HEAD = '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'


class TownFile:
    """Writes GraphML as OSMnx saves it: every value is text, whatever the key says."""

    def __init__(self, path: Path):
        self.path, self.nodes, self.edges, self.names = path, [], [], set()

    def node(self, name, x, y, **data):
        """Add a node."""
        self.nodes.append((f'<node id="{name}">', {"x": x, "y": y, **data}, "node"))
        return self

    def edge(self, start, end, **data):
        """Add an edge."""
        head = f'<edge source="{start}" target="{end}">'
        self.edges.append((head, {"highway": "tertiary", "length": "400.0", **data}, "edge"))
        return self

    def both(self, start, end, **data):
        """Add an edge in each direction."""
        return self.edge(start, end, **data).edge(end, start, **data)

    def write(self, mode="directed"):
        """Write the file and give its path."""
        rows = [*self.nodes, *self.edges]
        keys = sorted({(kind, name) for _, data, kind in rows for name in data})
        text = [HEAD]
        text += [f'<key id="{k}_{n}" for="{k}" attr.name="{n}" attr.type="string"/>' for k, n in keys]
        text.append(f'<graph edgedefault="{mode}">')
        for head, data, kind in rows:
            cells = "".join(f'<data key="{kind}_{name}">{value}</data>' for name, value in data.items())
            text.append(f"{head}{cells}</{kind}>")
        self.path.write_text("\n".join([*text, "</graph></graphml>"]), encoding="utf-8")
        return self.path


@pytest.fixture
def town(tmp_path):
    """Three nodes 397 m apart from west to east, without edges."""
    file = TownFile(tmp_path / "town.graphml")
    return file.node("a", "106.3000", "29.6").node("b", "106.3041", "29.6").node("c", "106.3082", "29.6")
