"""Ports and their adapters: the only place that knows both."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from tradecredit.flows import ports
from tradecredit.flows.imports import incoming
from tradecredit.flows.news import feeds
from tradecredit.flows.sources import erps
from tradecredit.flows.watch import cure_at_once
from tradecredit.integrations import policy_packs, policy_signatures
from tradecredit.integrations.bank_files.files import BankFilesInAChild
from tradecredit.integrations.bureaus.bureaus import DescribedBureaus
from tradecredit.integrations.bureaus.fake.serving import ServedFake
from tradecredit.integrations.chat.robots import FolderRobots, Robots
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.integrations.erps.fake.serving import ServedFakeErp
from tradecredit.integrations.erps.systems import DescribedErps
from tradecredit.integrations.flow_calls import RegisteredCalls
from tradecredit.integrations.mail import folder, smtp
from tradecredit.integrations.news.feeds import ReadFeeds
from tradecredit.integrations.photos.codes import CodesInAChild


def wire() -> None:
    """Register every adapter that is not registered yet."""
    ports.register(ports.PolicyPacks, policy_packs)
    ports.register(ports.PolicySignatures, policy_signatures)
    ports.register(ports.Cures, cure_at_once)
    ports.register(ports.SandboxMailer, folder.FolderMailer(Path(settings.DATA_DIR) / "sandbox-mail"))
    # Without a mail server the messages of real companies wait in the outbox, where they can be seen.
    server = os.environ.get("TRADECREDIT_SMTP_URL")
    if server:
        ports.register(ports.Mailer, smtp.SmtpMailer.from_url(server))
    ports.register(ports.FlowCalls, RegisteredCalls())
    ports.register(ports.ChatRooms, Robots())
    ports.register(ports.SandboxChatRooms, FolderRobots(Path(settings.DATA_DIR) / "sandbox-chat"))
    ports.register(incoming.TabularFiles, SpreadsheetFiles())
    ports.register(ports.BankFiles, BankFilesInAChild(Path(settings.DATA_DIR) / "bank-profiles"))
    ports.register(ports.Photos, CodesInAChild())
    ports.register(ports.Bureaus, DescribedBureaus())
    ports.register(ports.FakeBureaus, ServedFake())
    ports.register(erps.Erps, DescribedErps())
    ports.register(feeds.Feeds, ReadFeeds())
    ports.register(erps.FakeErps, ServedFakeErp())
