"""An assessment for a terminal, a pull request or a test dashboard."""
