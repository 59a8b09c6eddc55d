"""Assessments and checklists as text, JSON, JUnit, spreadsheet and custom lens."""
