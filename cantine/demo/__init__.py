"""Demonstration data: invented places and people, and a year in their life, told relative to today."""
