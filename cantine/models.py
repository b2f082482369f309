"""The tables of the house as a whole; with them Django tells `cantine` that migrations are done."""

from cantine.importing.models import Import
from cantine.report.frozen import FrozenReport, FrozenReportFile
from cantine.report.models import ReportLink

__all__ = ["FrozenReport", "FrozenReportFile", "Import", "ReportLink"]
