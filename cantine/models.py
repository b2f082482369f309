"""The tables of the house as a whole; with them Django tells `cantine` that migrations are done."""

from cantine.importing.models import Import
from cantine.pilotage.models import Agreement, BudgetLine, Commitment, Indicator, Meeting, Target
from cantine.report.drafts import ReportDraft
from cantine.report.frozen import FrozenReport, FrozenReportFile
from cantine.report.models import ReportLink
from cantine.watching.models import Nightly

__all__ = [
    "Agreement",
    "BudgetLine",
    "Commitment",
    "FrozenReport",
    "FrozenReportFile",
    "Import",
    "Indicator",
    "Meeting",
    "Nightly",
    "ReportDraft",
    "ReportLink",
    "Target",
]
