"""From a message owed to the e-mail that goes out."""

import hashlib
import re
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from members.formats import plain
from members.messages import attachments, kinds, topics
from members.models import Message

BLANKS = re.compile(r"\n{3,}")
BEFORE_LINK = re.compile("\u00a0(?=: https?://)")
"""The space before a colon that French asks for, in the line that says where to go."""
PARTS = ("subject.txt", "txt", "html")


def message_id_of(key: str) -> str:
    """Derive the Message-ID from the key: the same message sent twice is recognisable as one."""
    digest = hashlib.sha256(f"{settings.PUBLIC_URL}|{key}".encode()).hexdigest()[:40]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{digest}@{domain}>"


def template_names(template: str) -> list[str]:
    """List the templates of a kind: subject, text part, HTML part."""
    return [f"emails/{template}.{part}" for part in PARTS]


def render(message: Message) -> EmailMultiAlternatives | None:
    """Render `message` in its language with its attachments; None when it is no longer true, or not wanted.

    Raises `attachments.NotReady` while one of its files is being made.
    """
    kind = kinds.kind_of(message.template)
    if kind.topic and not topics.wants(message.to, kind.topic):
        return None
    leave = topics.link_of(message.to, kind.topic) if kind.topic else ""
    with translation.override(message.language):
        context = kind.load(dict(message.ids))
        if context is None:
            return None
        files = attachments.load(message.attachments)
        subject, text, html = _parts(message, {**context, "unsubscribe_link": leave})
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        reply_to=[settings.DEFAULT_FROM_EMAIL],
        headers={
            "Message-ID": message_id_of(message.key),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": message.language,
            **(one_click(leave) if leave else {}),
        },
    )
    mail.attach_alternative(html, "text/html")
    for file in files:
        _attach(mail, file)
    return mail


def one_click(link: str) -> dict[str, str]:
    """The headers by which mail programs offer to unsubscribe in one tap (RFC 2369, RFC 8058)."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _parts(message: Message, context: dict[str, Any]) -> tuple[str, str, str]:
    whole = {**context, "public_url": settings.PUBLIC_URL, "to": message.to, "language": message.language}
    subject, text, html = (_fill(name, whole) for name in template_names(message.template))
    body = BLANKS.sub("\n\n", plain(text).strip()) + "\n"
    if message.language != "fr":
        body = BEFORE_LINK.sub("", body)
    return " ".join(plain(subject).strip().splitlines()), body, html


def _fill(name: str, context: dict[str, Any]) -> str:
    """Render one part; text parts are not HTML, so nothing is escaped in them."""
    template = get_template(name).template  # type: ignore[attr-defined]  # Django's own engine
    return str(template.render(Context(context, autoescape=not name.endswith(".txt"))))


def _attach(mail: EmailMultiAlternatives, file: attachments.Attachment) -> None:
    """Attach by hand where the content type has parameters: mail programs read a calendar's method there."""
    if not file.parameters:
        mail.attach(file.name, file.content, file.mime)
        return
    mail.attach(_with_parameters(file))


def _with_parameters(file: attachments.Attachment) -> MIMEBase:
    main, _, sub = file.mime.partition("/")
    part = MIMEBase(main, sub)
    for name, value in file.parameters.items():
        part.set_param(name, value)
    part.set_payload(file.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=file.name)
    return part
