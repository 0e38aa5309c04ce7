"""Live strategies: dispatch, idling and charging, each a frozen dataclass whose fields are its parameters."""
