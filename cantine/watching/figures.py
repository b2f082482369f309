"""What Prometheus is told of requests: with PROMETHEUS_MULTIPROC_DIR, by all processes of one gunicorn."""

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

own = CollectorRegistry()
requests = Counter("cantine_requests", "Requests answered", ["view", "method", "status"], registry=own)
seconds = Histogram(
    "cantine_request_seconds", "Time until the answer", ["view"], buckets=BUCKETS, registry=own
)


def count_request(view: str, method: str, status: int, took: float) -> None:
    """Count one answer."""
    requests.labels(view, method if method in METHODS else "other", str(status)).inc()
    seconds.labels(view).observe(took)


def written(collectors: Iterable[Collector] = ()) -> bytes:
    """Everything as Prometheus reads it, with what `collectors` look up now."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(own)
    for collector in collectors:
        registry.register(collector)
    return generate_latest(registry)
