"""Run a morning in a small town, print its KPIs, and look at who waited longest."""

import numpy as np

import busim

scenario = busim.load("quick.toml")
run = busim.run(scenario)

for label, value, unit in run.headline():
    print(f"{label:<26}{value:>8} {unit}".rstrip())

rides = run.tables["rides"]
longest = int(np.nanargmax(rides["wait_s"]))
rider = rides.row(longest)
print(f"\nRider {rider['id']} waited longest: {rider['wait_s'] / 60:.1f} min for bus {rider['bus']}.")
