"""The parts of a report in words; each is a function from an assessment to markup."""
