"""Options that the commands with many runs share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from busim.model.table import Table

F = TypeVar("F", bound=Callable[..., Any])

vary_option = click.option(
    "--vary", multiple=True, metavar="KEY=A,B,...", help="Values of a key, such as fleet.size=10,15; repeatable."
)
set_option = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key in all of them; repeatable."
)
seeds_option = click.option("--seeds", type=int, help="How many days, from the scenario's seed on.  [default: 20]")
kpi_option = click.option("--kpi", "kpis", multiple=True, metavar="NAME", help="Look at this KPI; repeatable.")
allow_many_option = click.option("--allow-many", is_flag=True, help="Allow more than 10000 runs.")


def engine_options(command: F) -> F:
    """Add ``--jobs`` and ``--dask``."""
    jobs = click.option("--jobs", type=int, help="Worker processes; by default one per core.")
    dask = click.option("--dask", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler instead.")
    return jobs(dask(command))


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Give a table as rows."""
    return [table.row(i) for i in range(table.num_rows)]
