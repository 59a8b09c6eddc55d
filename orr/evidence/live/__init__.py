"""Reaching outside: addresses, programs and credentials, each within bounds."""
