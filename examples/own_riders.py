"""Riders from a CSV file of one's own, and what became of each."""

from pathlib import Path

import busim

riders = Path(__file__).with_name("own_riders.csv")
scenario = busim.load("quick.toml", [f'demand.file="{riders.as_posix()}"', "fleet.size=1"])
run = busim.run(scenario)

rides = run.tables["rides"]
for k in range(rides.num_rows):
    rider = rides.row(k)
    if rider["outcome"] == "served":
        told = f"waited {rider['wait_s'] / 60:.1f} min, rode {rider['ride_s'] / 60:.1f} min"
    else:
        told = rider["reason"]
    print(f"{rider['id']:<8}{rider['outcome']:<10}{told}")
