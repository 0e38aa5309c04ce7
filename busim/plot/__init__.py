"""Pictures of a day, each a function ``plot_x(data, ax=None)``; matplotlib stays in here."""

from busim.plot.data import PlotData as PlotData
from busim.plot.pictures import PLOTS as PLOTS
from busim.plot.pictures import draw as draw
from busim.plot.pictures import draw_all as draw_all
from busim.plot.pictures import names as names
