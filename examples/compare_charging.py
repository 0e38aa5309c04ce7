"""Charging strategies compared on the same days: what each saves or costs, in riders and in money.

As it stands it compares on a small ring in a few seconds. ``python examples/compare_charging.py large`` compares on the
science city with eighteen buses that share five plugs, eight days each, in March and in the cold of January, and draws
``charging.png``: some minutes.
"""

import sys

import busim

KPIS = {
    "served": ("riders served", 1.0),
    "plug_wait_mean_s": ("wait for a plug, min", 1 / 60),
    "energy_cost_cny": ("electricity, CNY", 1.0),
    "money_per_rider_cny": ("cost per rider, CNY", 1.0),
}
SMALL = (
    "quick.toml",
    [
        "fleet.start_charge=0.5",
        "fleet.battery_kwh=12",
        "scenario.end=10:30:00",
        "demand.scale=1.5",
        "travel.noise_cv=0.2",
    ],
    2,
)
PLUGS = '[{place = "chg_ut", plugs = 2}, {place = "chg_xy", plugs = 2}, {place = "chg_dxc", plugs = 1, power_kw = 120}]'
FEW_PLUGS = ["fleet.size=18", "demand.scale=0.5", f"charging.charger={PLUGS}"]
LARGE = ("science_city.toml", FEW_PLUGS, 8)
COLD = ("cold.toml", FEW_PLUGS, 8)
ARMS = {  # all of them go to charge below 60 %, and to 95 %; `tariff`'s defaults were set on other days of the kind
    "threshold": ["charging.below=0.6", "charging.until=0.95"],
    "idle": ["charging.below=0.6", "charging.until=0.95"],
    "shortest": ["charging.below=0.6", "charging.until=0.95"],
    "reserve": ["charging.below=0.6", "charging.until=0.95"],
    "assign": ["charging.below=0.6", "charging.until=0.95"],
    "tariff": ["charging.until=0.95"],
}


def study(name, overrides, seeds, jobs):
    """Compare the arms on some days."""
    arms = {
        arm: busim.load(name, [*overrides, f"charging.strategy={arm}", *settings]) for arm, settings in ARMS.items()
    }
    return busim.compare(arms, seeds=seeds, kpis=tuple(KPIS), jobs=jobs)


def tell(found):
    """Print the first arm as it is, the others as differences with their 95 % confidence intervals."""
    rows = [found.differences.row(k) for k in range(found.differences.num_rows)]
    means = [found.table.row(k) for k in range(found.table.num_rows)]
    print(f"{len(found.seeds)} days; the others against {found.against}, with 95 % confidence intervals")
    for kpi, (label, factor) in KPIS.items():
        base = next(row["mean"] for row in means if (row["kpi"], row["arm"]) == (kpi, found.against))
        print(f"\n{label}: {found.against} {base * factor:.1f}")
        for row in rows:
            if row["kpi"] == kpi:
                low, high = row["low"] * factor, row["high"] * factor
                print(f"  {row['arm']:<10}{row['difference'] * factor:>+9.1f}   ({low:+.1f} to {high:+.1f})")


if __name__ == "__main__":
    if sys.argv[1:] == ["large"]:
        result = study(*LARGE, jobs=2)
        tell(result)
        result.plot("differences").savefig("charging.png", dpi=110)
        print("\nin the cold of January:")
        tell(study(*COLD, jobs=2))
    else:
        tell(study(*SMALL, jobs=1))
