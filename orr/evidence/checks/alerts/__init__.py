"""The check `alerts`: alerting rules, their runbooks and their owners."""
