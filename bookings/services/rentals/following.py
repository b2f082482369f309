"""What is to be done next about a request, and when."""

from datetime import date

from bookings.models import RentalRequest
from bookings.services.rentals.quoting import lock_request
from members.errors import WrongState
from members.transactions import own_transaction


@own_transaction
def plan_next(*, request: RentalRequest, action: str, on: date | None) -> RentalRequest:
    """Note the next action and its day; an empty one is none. Raises `WrongState` once it is closed."""
    found = lock_request(request)
    if found.state not in RentalRequest.OPEN:
        raise WrongState
    found.next_action, found.next_action_on = action, on if action else None
    found.save(update_fields=["next_action", "next_action_on"])
    return found
