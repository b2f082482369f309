"""The report for who funds the place, and the private links that open it."""
