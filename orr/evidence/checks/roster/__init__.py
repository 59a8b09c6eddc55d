"""Rosters: who is on call when, read from what teams keep them in, and measured."""
