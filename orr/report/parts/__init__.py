"""Parts of a report in words, each a function of an assessment."""
