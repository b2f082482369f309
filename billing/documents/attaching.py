"""The data of a document inside its PDF: XML and PDF/A-3 by the factur-x library.

Its own Schematron check asks a server on port 5000 and says yes where there is none: it is never used
(`check_schematron=False`); our tests run the Schematron themselves, and `facturx.check` guards every file.
"""

from typing import Any

import facturx

from billing.documents.facturx import Rows, fields
from billing.models import Document

FLAVOR, LEVEL = "factur-x", "en16931"
LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}


def xml_of(rows: Rows) -> bytes:
    """Write the XML, checked against its schema."""
    made = facturx.generate_xml(
        fields(rows), flavor=FLAVOR, level=LEVEL, check_xsd=True, check_schematron=False
    )
    if not isinstance(made, bytes):
        raise TypeError("factur-x gives XML as bytes")
    return made


def attached(pdf: bytes, xml: bytes, document: Document, printed: dict[str, Any]) -> bytes:
    """Put the XML into a PDF/A-3, with the metadata that says what it is."""
    title = f"{printed['title']} {document.number}"
    made = facturx.generate_from_binary(
        pdf,
        xml,
        flavor=FLAVOR,
        level=LEVEL,
        check_xsd=False,
        check_schematron=False,
        pdf_metadata={
            "author": printed["seller"]["name"],
            "keywords": "Factur-X",
            "title": title,
            "subject": title,
        },
        lang=LANGUAGES.get(document.language, LANGUAGES["fr"]),
        afrelationship="alternative",
    )
    if not isinstance(made, bytes):
        raise TypeError("factur-x gives a PDF as bytes")
    return made
