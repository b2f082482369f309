"""What one does with a plan: keep what was promised, be reminded of what comes due."""
