"""Rosters: read who is on call when, and measure coverage."""
