"""The check `slo`: service level objectives as OpenSLO, Sloth and Pyrra write them."""
