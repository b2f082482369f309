"""The first run for real (`manage.py setup`): from answers to a place that can sell."""
