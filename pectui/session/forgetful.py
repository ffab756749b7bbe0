"""What a session writes to where nothing is to be kept: it ends with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pectui.engine.audit import Audit
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
