"""iCalendar files: their events, revisions and recurrences, within bounds.

Lines and values are read by icalendar, rules by python-dateutil. Occurrences are worked out
here: recurring-ical-events gives the same for what is clear (a cancelled series and whole days
of X-WR-TIMEZONE apart), but takes the first of what contradicts itself, cannot be interrupted
in a rule that never comes to pass, and takes more than twice as long.
"""
