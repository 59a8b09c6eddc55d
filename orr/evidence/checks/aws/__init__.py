"""The check `aws`: what AWS says about a workload, read and never changed.

`check` is the check itself; `recipes` the library of recipes and its form; `reads` what
may be called at all; `scope` puts a workload's values into parameters; `session`, `regions`
and `calls` ask AWS; `steps` runs the steps of a recipe; `verdicts` judges the rows; `policy`
writes down what a role needs.
"""
