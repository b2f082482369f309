"""What search engines read in a page (schema.org), as JSON that cannot end its script."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

SCHEMA = "https://schema.org/"
IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
"""What could end a <script>, as JSON may write it too (Django's json_script does the same)."""


def in_script(data: dict[str, Any]) -> SafeString:
    """Write `data` for a <script type="application/ld+json">."""
    text = json.dumps(data, ensure_ascii=False).translate(IN_SCRIPT)
    return mark_safe(text)  # noqa: S308  # JSON whose <, > and & are escaped just above
