"""Incident records of any form, and metrics drawn from them."""
