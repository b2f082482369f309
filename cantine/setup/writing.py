"""Writing a row from answers: only what was answered, judged by the model's own rules, told as it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model

from cantine.setup.answers import Section


@dataclass
class Report:
    """What was changed, line by line, and what is to be done next."""

    changes: list[str] = field(default_factory=list)
    unchanged: int = 0

    def say(self, text: str) -> None:
        """Note a change."""
        self.changes.append(text)


def put(
    row: Model,
    values: Mapping[str, Any],
    *,
    section: Section,
    report: Report,
    called: str,
    later: list[Any] | None = None,
) -> bool:
    """Step: set `values` on `row` and save it if anything changes; say whether it stands afterwards.

    `values` are by field; what is wrong is noted in `section`, and then nothing is written. A key that is
    answered by another name than its field's is told at the section. A new row is only added to `later`, if
    given: the caller writes them all at once, and answers for what they point to and for their being unique.
    """
    found = _set(row, values, section)
    is_new, alone = row._state.adding, later is None
    if found is None or not _judged(row, section, by_the_database=alone or not is_new):
        return False
    if is_new:
        if later is None:
            row.save()
        else:
            later.append(row)
        report.say(f"{called}: added")
    elif found:
        row.save(update_fields=[name for name, _before, _after in found])
        told = "; ".join(f"{name}: {_short(before)} → {_short(after)}" for name, before, after in found)
        report.say(f"{called}: {told}")
    else:
        report.unchanged += 1
    return True


def _set(row: Model, values: Mapping[str, Any], section: Section) -> list[tuple[str, Any, Any]] | None:
    """Set what differs; None when an answer is not of its field's sort."""
    found, well = [], True
    for name, value in values.items():
        field_ = cast("Field[Any, Any]", row._meta.get_field(name))
        try:
            after = field_.to_python(value.strip() if isinstance(value, str) else value)
        except ValidationError as error:
            section.refuse(name if name in section.values else "", " ".join(error.messages))
            well = False
            continue
        before = getattr(row, name)
        if before != after:
            setattr(row, name, after)
            found.append((name, before, after))
    return found if well else None


def _judged(row: Model, section: Section, *, by_the_database: bool) -> bool:
    pointers = () if by_the_database else [field.name for field in row._meta.fields if field.is_relation]
    try:
        row.full_clean(pointers, validate_unique=by_the_database, validate_constraints=by_the_database)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            section.refuse("" if name == "__all__" else name, " ".join(messages))
        return False
    return True


def _short(value: Any) -> str:
    text = str(value) if value not in (None, "") else "nothing"
    return text if len(text) <= 40 else f"{text[:39]}…"
