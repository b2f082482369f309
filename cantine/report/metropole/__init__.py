"""The report to who grants the money, by quarter and by year, drawn from the figures of « Pilotage »."""
