"""What a coworking space plans and promises: its budget, its agreements, its target, its meetings."""

from cantine.pilotage.models.agreement import Agreement, Indicator
from cantine.pilotage.models.budget import BudgetLine
from cantine.pilotage.models.steering import Commitment, Meeting
from cantine.pilotage.models.target import Target

__all__ = ["Agreement", "BudgetLine", "Commitment", "Indicator", "Meeting", "Target"]
