"""The spaces of a site: from a drawing (the JSON that the page of the plan draws) or from a table."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from bookings.models import Equipment, Floor, Site, Space, SpacePart
from bookings.plan.drawing import draw
from cantine.importing.reading import Column, Unreadable, decoded, rows
from cantine.setup.answers import Section
from cantine.setup.equipment import equipment_of
from cantine.setup.writing import Report, put

FIELDS = ("kind", "name", "short_name", "number", "group", "capacity", "x", "y", "w", "h", "rotation", "door")
COLUMNS = (
    Column("code", "code"),
    Column("kind", "kind", ("sorte", "type"), required=True),
    Column("name", "name", ("nom",)),
    Column("number", "number", ("numéro", "no")),
    Column("capacity", "capacity", ("places", "capacité")),
    Column("group", "group", ("tablée",)),
    Column("parts", "parts", ("parties",)),
    Column("equipment", "equipment", ("équipements", "équipement")),
)
KINDS = {"poste": "desk", "bureau": "desk", "salle": "room", "cabine": "booth"}
SIDE, A_ROW, MARGIN = 122, 6, 60
"""Where desks of a table stand on the plan, until somebody draws it: in rows of six."""


def write(section: Section, site: Site, report: Report) -> None:
    """Step: lay out what the section's file describes."""
    section.only("plan", "csv", "floor")
    key = "plan" if "plan" in section.values else "csv"
    name = section.text(key)
    if not name or {"plan", "csv"} <= section.values.keys():
        section.refuse("", 'give plan = "file.json" (a drawing) or csv = "file.csv" (a table), one of them.')
        return
    content = _content(section, key, section.folder / name)
    if content is None:
        return
    plan = _from_json(section, content) if key == "plan" else _from_table(section, content)
    if plan is not None:
        lay_out(site, plan, section=section, report=report)


def _content(section: Section, key: str, path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as reason:
        section.refuse(key, f"{path} cannot be read ({reason.strerror}).")
        return None


def _from_json(section: Section, content: bytes) -> dict[str, Any] | None:
    try:
        plan = json.loads(content)
        draw(plan.get("drawing") or {}, [])
        spaces = plan["spaces"]
        if not all(isinstance(each, dict) and each.get("code") for each in spaces):
            raise ValueError("each of its spaces has a code")
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as reason:
        section.refuse("plan", f"it is no plan that can be drawn ({reason}); see cantine/demo/plans/.")
        return None
    return dict(plan)


def _from_table(section: Section, content: bytes) -> dict[str, Any] | None:
    try:
        table = rows(decoded(content), COLUMNS)
    except Unreadable as refused:
        section.refuse("csv", str(refused.message))
        return None
    spaces: list[dict[str, Any]] = []
    for rank, row in enumerate(table):
        cells = {name: value for name, value in row.cells.items() if value}
        kind = cells.get("kind", "").lower()
        space: dict[str, Any] = {**cells, "kind": KINDS.get(kind, kind), "line": row.line}
        number = cells.get("number", "")
        space.setdefault("name", f"Poste {number}" if space["kind"] == "desk" and number else "")
        space["code"] = cells.get("code") or slugify(space["name"])
        for key in ("parts", "equipment"):
            space[key] = [slugify(each) for each in cells.get(key, "").split("+") if each.strip()]
        if not space["parts"]:
            del space["parts"]
        space |= {"x": MARGIN + SIDE * (rank % A_ROW), "y": MARGIN + 2 * SIDE * (rank // A_ROW)}
        spaces.append(space)
    return {"floor": section.text("floor") or "Rez-de-chaussée", "drawing": None, "spaces": spaces}


def lay_out(site: Site, plan: Mapping[str, Any], *, section: Section, report: Report) -> None:
    """Step: make or change the spaces of a plan; those it does not name stay as they are.

    `plan` is {floor, drawing, spaces}: each space has a code and fields of `Space`, `equipment` by code, and
    `parts` where it is made of others. What a space that stands is made of is not changed: it may be booked.
    """
    floor, _made = Floor.objects.get_or_create(site=site, name=plan.get("floor") or "Rez-de-chaussée")
    if plan.get("drawing") is not None and floor.drawing != plan["drawing"]:
        floor.drawing = plan["drawing"]
        floor.save(update_fields=["drawing"])
        report.say(f"floor {floor.name}: drawn")
    there = {space.code: space for space in site.spaces.prefetch_related("equipment", "parts__atom")}
    known = {each.code: each for each in Equipment.objects.all()}
    new: list[Mapping[str, Any]] = []
    made: list[Space] = []
    for position, data in enumerate(plan["spaces"], 1):
        at = f"line {data['line']}: " if "line" in data else ""
        called = f"space {at}{data['code']}"
        space = there.get(data["code"])
        if space is None:
            new.append(data)
            space = Space(site=site, floor=floor, code=data["code"], position=position)
        elif space in made:
            section.refuse("", f"{called} is there twice.")
            continue
        given = {
            name: data[name] for name in FIELDS if name in data and not (at and space.pk and name in "xy")
        }
        if put(space, given, section=section, report=report, called=called, later=made):
            there[space.code] = space
    Space.objects.bulk_create(made)
    _equip(plan["spaces"], there, made, known)
    _take_apart(new, plan["spaces"], there, section)


def _equip(
    all_spaces: Sequence[Mapping[str, Any]],
    there: Mapping[str, Space],
    made: Sequence[Space],
    known: dict[str, Equipment],
) -> None:
    """Step: give each space its equipment; that of the new ones in one statement."""
    has = Space.equipment.through
    kitted = []
    for data in all_spaces:
        space, codes = there.get(data["code"]), list(data.get("equipment", ()))
        if space is None:
            continue  # refused before
        if space in made:
            kitted += [
                has(space=space, equipment=each) for each in equipment_of(list(dict.fromkeys(codes)), known)
            ]
        elif {each.code for each in space.equipment.all()} != set(codes):
            space.equipment.set(equipment_of(codes, known))
    has.objects.bulk_create(kitted)


def _take_apart(
    new: Sequence[Mapping[str, Any]],
    all_spaces: Sequence[Mapping[str, Any]],
    there: Mapping[str, Space],
    section: Section,
) -> None:
    """Step: say what new spaces are made of, and refuse to change what the others are."""
    made: list[SpacePart] = []
    for data in all_spaces:
        codes = data.get("parts", [data["code"]])
        space, atoms = there.get(data["code"]), [there[code] for code in codes if code in there]
        if space is None:
            continue  # refused before
        if len(atoms) < len(codes):
            section.refuse("", f"{data['code']} is made of a space that is not there ({', '.join(codes)}).")
        elif data in new:
            made += [SpacePart(space=space, atom=atom) for atom in atoms]
        elif {part.atom_id for part in space.parts.all()} != {atom.pk for atom in atoms}:
            section.refuse("", f"what {data['code']} is made of cannot change: it may be booked.")
    SpacePart.objects.bulk_create(made)
