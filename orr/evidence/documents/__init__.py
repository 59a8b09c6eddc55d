"""Documents as checks read them: Markdown, reStructuredText, notebooks, their headings, dates and links."""
