"""Metrics for Prometheus' textfile collector: replaced as a whole, and without a figure that is not of now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from pectui.cli.invocation import Invocation
from pectui.config import Profile
from pectui.domain.quota import Quota
from pectui.errors import PectuiError, StoreError
from pectui.session import last_quota_success, system_clock, write_metrics
from pectui.text.clean import clean_line

_UP = ("pectui_up", "Whether the last question for the quota was answered with a usable figure.")
_USED = ("pectui_quota_used_bytes", "Use of the mailbox.")
_LIMIT = ("pectui_quota_limit_bytes", "Size of the mailbox.")
_SUCCESS = ("pectui_quota_last_success_timestamp_seconds", "When the quota was last read.")


class Metrics:
    """The file of `--prometheus`; without one nothing is done."""

    def __init__(self, invocation: Invocation) -> None:
        name = invocation.arguments.prometheus
        self._path = None if name is None else Path(name)
        self._invocation = invocation
        self._told = False

    def tell(self, quota: Quota) -> None:
        """What the service just answered. StoreError where it can't be written."""
        if quota.used_bytes is None:
            self.tell_down()
        else:
            self._write(quota, system_clock())

    def tell_down(self) -> None:
        """That the service could not be asked, and when it last could."""
        if self._path is not None:
            profile = self._profile()
            last = last_quota_success(profile, self._invocation.places) if profile else None
            self._write(None, last)

    @contextmanager
    def down_unless_told(self) -> Iterator[None]:
        """Whatever goes wrong inside, the file doesn't go on telling what was before."""
        try:
            yield
        finally:
            if not self._told:
                with suppress(StoreError):  # what went wrong inside is what the user hears of
                    self.tell_down()

    def _write(self, quota: Quota | None, success: datetime | None) -> None:
        self._told = True
        if self._path is not None:
            write_metrics(self._path, metrics(self._profile(), quota, success))

    def _profile(self) -> Profile | None:
        try:
            return self._invocation.settings.profile
        except PectuiError:
            return None  # it is told elsewhere


def metrics(profile: Profile | None, quota: Quota | None, success: datetime | None) -> str:
    """In Prometheus' text format. `quota` None: the service could not be asked."""
    labels = ""
    if profile is not None:
        labels = f'{{profile="{_escaped(profile.name)}",mailbox="{_escaped(profile.mailbox)}"}}'
    figures = [
        (_UP, 0 if quota is None else 1),
        (_USED, None if quota is None else quota.used_bytes),
        (_LIMIT, None if quota is None else quota.limit_bytes),
        (_SUCCESS, None if success is None else int(success.timestamp())),
    ]
    return "".join(
        f"# HELP {name} {words}\n# TYPE {name} gauge\n{name}{labels} {figure}\n"
        for (name, words), figure in figures
        if figure is not None
    )


def _escaped(text: str) -> str:
    return clean_line(text).replace("\\", "\\\\").replace('"', '\\"')
