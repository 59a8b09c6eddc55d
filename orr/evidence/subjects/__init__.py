"""Subjects that evidence names: the commit, the image, the environment that it is about."""
