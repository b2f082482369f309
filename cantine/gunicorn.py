"""How gunicorn serves: `gunicorn --config python:cantine.gunicorn cantine.wsgi`."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = os.environ.get("PORT", "8000")
DATA = Path(os.environ.get("DATA_DIR") or ROOT / ".data").absolute()
# Counted by all processes together, in a folder that only this server writes to and empties when it starts.
FOLDER = Path(os.environ.get("METRICS_DIR") or DATA / "metrics" / PORT)
shutil.rmtree(FOLDER, ignore_errors=True)
FOLDER.mkdir(mode=0o700, parents=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)
MEMORY = "/dev/shm"  # noqa: S108 - gunicorn's heartbeat files, unlinked at once
LOG_FORMAT = "json" if os.environ.get("CANTINE_ENV") == "production" else "line"

bind = os.environ.get("BIND") or f"127.0.0.1:{PORT}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
control_socket_disable = True
graceful_timeout = 5
loglevel = "warning"
worker_tmp_dir = MEMORY if os.access(MEMORY, os.W_OK) else None
if os.environ.get("LOG_FORMAT", LOG_FORMAT) == "json":
    # Its own lines only when something is wrong, and no access log: that would hold addresses.
    logconfig_dict = {
        "formatters": {"generic": {"()": "cantine.logs.Json"}},
        "loggers": {
            "gunicorn.error": {"level": "WARNING", "handlers": ["console"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }
