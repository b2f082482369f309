"""The till: closings by day, month and year, cash drawers, archives, the technical log (docs/till.md)."""
