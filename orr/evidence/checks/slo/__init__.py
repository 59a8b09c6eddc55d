"""The check `slo`: objectives in files of OpenSLO, Sloth and Pyrra."""
