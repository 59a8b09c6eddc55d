"""Running a notebook."""
