r"""Which strategy? The same days for each: four of a small town, or ten of the science city if asked.

SCENARIO=science_city.toml SEEDS=10 ARMS='nearest,insertion,batch,insertion + rebalance,rtv' \
    PICTURE=strategies.png python examples/compare_strategies.py

``rtv`` and ``lns`` plan again until riders are fetched: a day of the science city takes half a minute with ``rtv``, two
with ``lns``.
"""

import os

import busim

scenario, seeds = os.environ.get("SCENARIO", "quick.toml"), int(os.environ.get("SEEDS", "4"))
arms = {
    "nearest": ["dispatch.strategy=nearest"],
    "insertion": ["dispatch.strategy=insertion"],
    "batch": ["dispatch.strategy=batch"],
    "insertion + rebalance": ["dispatch.strategy=insertion", "idling.strategy=rebalance"],
}
if "ARMS" in os.environ:
    arms = {name: arms.get(name, [f"dispatch.strategy={name}"]) for name in os.environ["ARMS"].split(",")}
found = busim.compare(
    {name: busim.load(scenario, settings) for name, settings in arms.items()},
    seeds=seeds,
    against="insertion",
    kpis=("service_rate", "wait_mean_s", "vehicle_km", "empty_km_share"),
    jobs=int(os.environ.get("JOBS", "1")),
)
print(" | ".join(("", "", *found.arms)).strip())
for row in found.headline():
    print(" | ".join(row))
print(found.sentences[0])
if "PICTURE" in os.environ:
    found.plot("arms").savefig(os.environ["PICTURE"], dpi=150)
