"""Time spans, clocks and calendar files, as several kinds of check read them."""
