"""The check `service`: recipes for questions to other products over HTTP."""
