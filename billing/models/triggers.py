"""The triggers that several tables share: what is issued never changes (design §4)."""

import pgtrigger

REFUSE_TRUNCATE = "RAISE EXCEPTION 'billing: % is append-only and is never emptied', TG_TABLE_NAME;"


def append_only() -> list[pgtrigger.Trigger]:
    """Refuse UPDATE, DELETE and TRUNCATE."""
    return [
        pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
        never_emptied(),
    ]


def kept_ten_years(column: str) -> list[pgtrigger.Trigger]:
    """Refuse UPDATE and TRUNCATE, and DELETE until ten years after `column`."""
    young = pgtrigger.Condition(f"OLD.{column} > CURRENT_DATE - INTERVAL '10 years'")
    return [
        pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update),
        pgtrigger.Protect(name="is_kept_ten_years", operation=pgtrigger.Delete, condition=young),
        never_emptied(),
    ]


def never_emptied() -> pgtrigger.Trigger:
    """Refuse TRUNCATE, which Protect cannot see."""
    return pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=REFUSE_TRUNCATE,
    )


def moves(field: str, arrows: dict[str, list[str]]) -> pgtrigger.FSM:
    """Let `field` change only along `arrows`."""
    return pgtrigger.FSM(
        name="moves_along_its_arrows",
        field=field,
        transitions=[(before, after) for before, nexts in arrows.items() for after in nexts],
    )
