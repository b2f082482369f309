"""PostgreSQL, Valkey and the supervisor behind `make run`: plain Python, no Django."""
