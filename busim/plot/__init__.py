"""Pictures of a run, each a function ``plot_x(data, ax=None)``; matplotlib stays in here."""
