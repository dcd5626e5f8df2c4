"""A message in the form in which mail travels."""

from __future__ import annotations

from email.message import EmailMessage

_DOMAIN = "tradecredit.invalid"


def compose(*, sender: str, recipient: str, subject: str, body: str, message_id: str) -> EmailMessage:
    """Return the mail; line breaks in a subject or an address are refused by the mail library (ValueError)."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = subject
    message["Message-ID"] = f"<{message_id}@{_DOMAIN}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, charset="utf-8")
    return message
