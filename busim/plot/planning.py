"""A static plan as pictures: routes on the plane, bus by bus over time, energy over time, and the search itself."""

from __future__ import annotations

from matplotlib.axes import Axes

from busim.planning import Instance, PlanResult, Solution
from busim.planning.solution import BusPlan
from busim.plot.style import BLACK, BLUE, CYCLE, GREEN, MUTED, PALE, STATE_COLOURS, axes_or_new, decorate, legend

_STATES = ("driving_empty", "driving_riders", "serving", "waiting", "charging")
_NAMES = ("empty", "riders aboard", "service", "wait", "charge")
PHASES = {name: STATE_COLOURS[state] for name, state in zip(_NAMES, _STATES, strict=True)}


def plot_routes(instance: Instance, solution: Solution, ax: Axes | None = None) -> Axes:
    """Draw every bus's route on the plane, with pick-ups, drop-offs, stations and depots.

    Parameters
    ----------
    instance
        The problem, with the positions of its nodes.
    solution
        The plan.
    ax
        Where to draw; new axes if not given.
    """
    ax = axes_or_new(ax)
    index = {int(ident): i for i, ident in enumerate(instance.node_id)}
    for k, plan in enumerate(solution.buses):
        points = instance.position[[index[stop.node] for stop in plan.stops]]
        if len(points) > 2:
            style = ("-", "--", "-.", ":")[k // len(CYCLE) % 4]
            ax.plot(points[:, 0], points[:, 1], style, color=CYCLE[k % len(CYCLE)], lw=1.2, label=f"bus {plan.bus}")
    marks = (
        (instance.pickup, "^", "pick-up", MUTED),
        (instance.dropoff, "v", "drop-off", MUTED),
        (instance.station, "P", "station", GREEN),
        (instance.origin, "s", "start", BLACK),
        (instance.destination, "x", "destination", BLACK),
    )
    for nodes, marker, label, colour in marks:
        if len(nodes):
            where = instance.position[nodes]
            ax.scatter(where[:, 0], where[:, 1], s=22, marker=marker, color=colour, label=label, zorder=3)
    decorate(ax, f"{solution.instance}: routes", "x", "y", grid="both")
    ax.set_aspect("equal", adjustable="datalim")
    ax.ticklabel_format(useOffset=False)
    ax.locator_params(nbins=6)
    legend(ax)
    return ax


def phases(instance: Instance, plan: BusPlan) -> list[tuple[str, float, float]]:
    """List what a bus does from when to when: driving empty or with riders, service, wait, charge.

    Parameters
    ----------
    instance
        The problem.
    plan
        The bus's stops.
    """
    index = {int(ident): i for i, ident in enumerate(instance.node_id)}
    ups, downs = set(instance.pickup.tolist()), set(instance.dropoff.tolist())
    found, aboard = [], 0
    for i, stop in enumerate(plan.stops):
        if i:
            kind = "riders aboard" if aboard else "empty"
            found.append((kind, plan.stops[i - 1].departure, stop.arrival))
        node = index[stop.node]
        aboard += (node in ups) - (node in downs)
        done = stop.start + float(instance.service[node]) if 0 < i < len(plan.stops) - 1 else stop.start
        if i:
            found.append(("wait", stop.arrival, stop.start))
        found.append(
            ("charge" if stop.charge > 0.0 else "service", stop.start, stop.departure if stop.charge else done)
        )
    return [(kind, begin, end) for kind, begin, end in found if end > begin + 1e-9]


def plot_gantt(instance: Instance, solution: Solution, ax: Axes | None = None) -> Axes:
    """Draw what every bus does over time: drive empty or with riders, serve, wait, charge.

    Parameters
    ----------
    instance, solution, ax
        As for `plot_routes`.
    """
    ax = axes_or_new(ax)
    labelled: set[str] = set()
    for plan in solution.buses:
        for kind, begin, end in phases(instance, plan):
            label = "_" if kind in labelled else kind
            ax.barh(plan.bus, end - begin, left=begin, height=0.6, color=PHASES[kind], label=label)
            labelled.add(kind)
    decorate(ax, f"{solution.instance}: what each bus does", "time [min]", "bus", grid="x")
    ax.set_yticks([plan.bus for plan in solution.buses])
    ax.invert_yaxis()
    legend(ax)
    return ax


def plot_charge(instance: Instance, solution: Solution, ax: Axes | None = None) -> Axes:
    """Draw each bus's energy over time, with the least energy at the end.

    Parameters
    ----------
    instance, solution, ax
        As for `plot_routes`.
    """
    ax = axes_or_new(ax)
    for k, plan in enumerate(solution.buses):
        time, energy = [], []
        for stop in plan.stops:
            time += [stop.arrival, stop.start, stop.departure]
            energy += [stop.energy, stop.energy, stop.energy + stop.charge]
        ax.plot(time, energy, color=CYCLE[k % len(CYCLE)], label=f"bus {plan.bus}")
    least = float((instance.end_ratio * instance.battery).max())
    ax.axhline(least, color=MUTED, ls=":", label="least at the end")
    decorate(ax, f"{solution.instance}: energy aboard", "time [min]", "energy [kWh]")
    ax.set_ylim(0.0, None)
    legend(ax)
    return ax


def plot_convergence(result: PlanResult, ax: Axes | None = None) -> Axes:
    """Draw the cost of the best plan and of the one in hand over the steps of the search.

    Parameters
    ----------
    result
        A plan with its trace.
    ax
        Where to draw; new axes if not given.
    """
    ax = axes_or_new(ax)
    whole = [moment for moment in result.trace if moment.unserved == 0] or list(result.trace)
    steps = [moment.iteration for moment in whole]
    shown = [(m.iteration, m.current) for m in whole if m.current <= 1.5 * result.solution.cost]
    ax.plot([s for s, _ in shown], [c for _, c in shown], ".", ms=2, color=PALE, label="in hand")
    ax.step(steps, [moment.best for moment in whole], where="post", color=BLUE, label="best")
    decorate(ax, f"{result.solution.instance}: search", "steps", "cost")
    legend(ax)
    return ax
