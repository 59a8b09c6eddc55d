"""The check `slo`: service level objectives as OpenSLO, Sloth, Pyrra and others write them."""
