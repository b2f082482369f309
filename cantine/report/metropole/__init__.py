"""The report to who grants the money, by quarter and by year: what it says, drawn from the figures of « Pilotage »."""
