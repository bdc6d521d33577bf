"""The ground floor: what every feature stands on and that knows no feature."""
