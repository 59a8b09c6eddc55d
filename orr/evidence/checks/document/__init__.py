"""The check `document`: documents exist, are complete, owned and reviewed."""
