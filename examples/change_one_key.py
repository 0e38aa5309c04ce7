"""The same riders with four buses and with six: what two more buses bring."""

import busim

SHOWN = ("service_rate", "wait_mean_s", "wait_p95_s", "detour_mean", "empty_km_share", "vehicle_km")

few = busim.run(busim.load("quick.toml", {"fleet.size": 4}))
many = busim.run(busim.load("quick.toml", {"fleet.size": 6}))
assert few.requests.ids == many.requests.ids  # random numbers of riders do not depend on the fleet

print(f"{'':<16}{'4 buses':>10}{'6 buses':>10}")
for name in SHOWN:
    print(f"{name:<16}{few.kpis[name]:>10.2f}{many.kpis[name]:>10.2f}")
