"""Pictures of a report: inline SVG with a description in words.

Shapes, patterns, signs and numbers carry what they show; colour only repeats it.
"""
