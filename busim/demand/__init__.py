"""The riders of a day: from the demand model, or from a file of requests."""

from busim.demand.make import make as make
from busim.demand.model import sample as sample
from busim.demand.rates import expected_rides as expected_rides
from busim.demand.read import read_requests as read_requests
from busim.demand.write import write_requests as write_requests
