"""Stands in for the package of this name, whose grammar of addresses takes seconds to build in every process.

jsonschema loads it wherever it is there, for a format that no notebook has and no test asks for.
"""

raise ImportError("the tests go without it")
