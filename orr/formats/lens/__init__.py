"""AWS Well-Architected custom lenses: import, export and answers.

Nothing here opens a file or prints. What cannot be read raises `FaultyInput` with every
fault at once; what could be read but not held is told in `notes`.
"""
