"""The pictures of a report: inline SVG, each with its content in words beside it.

Shapes, patterns, signs and numbers carry what they show; colour only repeats it.
"""
