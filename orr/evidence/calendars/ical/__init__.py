"""iCalendar files: read whole or not at all, and their recurrences worked out within bounds."""
