"""Other tools' result files, each format read into one common form and judged by one rule."""
