"""The kinds of check: their registry, parameters and traits."""
