"""Plain types that every layer shares: specs, the road network, requests, plans, fleet, orders, the event log."""
