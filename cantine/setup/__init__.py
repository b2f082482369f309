"""The first run for real: from answers, in a file or on a terminal, to a place that can sell (`manage.py setup`)."""
