"""What a session writes to where nothing is to be kept: it ends with the program."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from pectui.session.clock import Clock

if TYPE_CHECKING:
    from pectui.engine.audit import Audit
    from pectui.session.sending import Outbox
    from pectui.store.export_log import ExportLog
    from pectui.store.memory import Store
    from pectui.store.quota_samples import QuotaSamples


def no_audit() -> Audit:
    from pectui.engine.audit import NoAudit

    return NoAudit()


def no_export_log() -> ExportLog:
    from pectui.store.export_log import MemoryExportLog

    return MemoryExportLog()


def no_quota_samples() -> QuotaSamples:
    from pectui.store.quota_samples import MemoryQuotaSamples

    return MemoryQuotaSamples()


def no_store() -> Store:
    from pectui.store.memory import MemoryStore

    return MemoryStore()


def forgetful_outbox(clock: Clock) -> Callable[[], Outbox]:
    """Journals of sending that end with the program."""

    @cache
    def made() -> Outbox:
        from pectui.engine.journal import MemoryJournal
        from pectui.engine.send_journals import MemoryJournals
        from pectui.engine.send_pace import MemoryPlace
        from pectui.session.sending import Outbox

        journals: dict[str, MemoryJournal] = {}
        return Outbox(lambda: MemoryJournals(clock, journals), MemoryPlace(), None)

    return made
