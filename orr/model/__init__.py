"""The words of a review, as frozen dataclasses."""
