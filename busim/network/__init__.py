"""Road networks: files and synthetic towns, checked and compiled to arrays; networkx and shapely stay in here."""

from busim.model.plane import from_plane as from_plane
from busim.model.plane import haversine_m as haversine_m
from busim.model.plane import to_plane as to_plane
from busim.network.compiling import compile as compile  # noqa: A004
from busim.network.compiling import load_graphml as load_graphml
from busim.network.info import info as info
from busim.network.info import is_estimated as is_estimated
from busim.network.snap import StopsInReach as StopsInReach
from busim.network.snap import nearest_nodes as nearest_nodes
from busim.network.snap import stop_places as stop_places
from busim.network.snap import stops_within as stops_within
from busim.network.streets import one_way_pieces as one_way_pieces
from busim.network.streets import streets as streets
from busim.network.zones import service_area as service_area
from busim.network.zones import zone_names as zone_names
from busim.network.zones import zones_of as zones_of
