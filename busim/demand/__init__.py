"""The riders of a day: from the demand model, or from a file of requests."""

from busim.demand.model import sample as sample
from busim.demand.rates import expected_rides as expected_rides
