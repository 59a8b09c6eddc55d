"""Many workloads: re-checks, drift, impact and the fleet page."""
