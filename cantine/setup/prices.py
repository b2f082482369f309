"""What is sold and what using a space costs, from the answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.text import slugify

from billing.models import Product, Seller
from bookings.models import Site, Space, Tariff
from cantine.setup.answers import Section
from cantine.setup.writing import Report, put

PRODUCT_FIELDS = ("name", "name_en", "vat_rate", "price_basis", "revenue_account", "report_category")
AMOUNTS = ("half_day", "day", "hour", "day_cap")
TARIFF = ("kind", "space", "product", "audience", "valid_from", *AMOUNTS)


def write_products(sections: Sequence[Section], seller: Seller, report: Report) -> None:
    """Step: make or change articles, by code."""
    for section in sections:
        section.only("code", *PRODUCT_FIELDS)
        code = section.text("code") or slugify(section.text("name"))[:40]
        product = Product.objects.filter(seller=seller, code=code).first() or Product(
            seller=seller, code=code
        )
        given = {name: section.values[name] for name in PRODUCT_FIELDS if name in section.values}
        put(product, given, section=section, report=report, called=f"product {code}")


def write_tariffs(sections: Sequence[Section], site: Site, today: date, report: Report) -> None:
    """Step: bring prices into force; the one before ends the day before, and stays for what it priced."""
    spaces = {space.code: space for space in site.spaces.all()}
    products = {product.code: product for product in Product.objects.filter(seller=site.seller)}
    for section in sections:
        section.only(*TARIFF)
        new = _tariff(section, site, spaces, products, today)
        if new is not None:
            _bring_into_force(new, section, report)


def _tariff(
    section: Section, site: Site, spaces: dict[str, Space], products: dict[str, Product], today: date
) -> Tariff | None:
    code, begins = section.text("space"), section.values.get("valid_from", today)
    space, product = spaces.get(code), products.get(section.text("product"))
    if code and space is None:
        section.refuse("space", f"no space of {site.code} has this code.")
    if product is None:
        section.refuse(
            "product", f"known articles are {', '.join(sorted(products)) or 'none: add [[products]]'}."
        )
    if not isinstance(begins, date):
        section.refuse("valid_from", "write a date as 2026-12-01, without quotes.")
    if product is None or (code and space is None) or not isinstance(begins, date):
        return None
    return Tariff(
        site=site,
        kind=section.text("kind") or (space.kind if space else ""),
        space=space,
        product=product,
        audience=section.text("audience"),
        valid_from=begins,
    )


def _bring_into_force(new: Tariff, section: Section, report: Report) -> None:
    """Step: the same prices stay; others begin on their day, in place of a row of that very day."""
    alike = Tariff.objects.filter(site=new.site, kind=new.kind, space=new.space, audience=new.audience)
    amounts: dict[str, Any] = {name: section.values.get(name) for name in AMOUNTS}
    for name in AMOUNTS:
        if isinstance(amounts[name], str):
            section.refuse(name, "write a price without quotes: 9.00")
            return
    before = alike.filter(valid_to=None, valid_from__lte=new.valid_from).order_by("-valid_from").first()
    if before is not None and _is_same(before, new, amounts):
        report.unchanged += 1
        return
    row = new
    if before is not None and before.valid_from == new.valid_from:
        row = before
        row.product = new.product
        row.save(update_fields=["product"])
    elif before is not None:
        before.valid_to = new.valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    named = f"{new.space.code if new.space else new.kind} ({new.audience}) from {new.valid_from}"
    put(row, amounts, section=section, report=report, called=f"tariff {named}")


def _is_same(before: Tariff, new: Tariff, amounts: dict[str, Any]) -> bool:
    same = all(getattr(before, name) == amounts[name] for name in AMOUNTS)
    return same and before.product_id == new.product_id
