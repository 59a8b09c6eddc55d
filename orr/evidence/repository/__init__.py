"""A repository as checks may read it."""
