"""How full an open mailbox is and was: each answer of the service is kept, and makes the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from pectui.config import Profile
from pectui.domain.quota import Quota, measure
from pectui.errors import StoreError
from pectui.session.clock import Clock
from pectui.session.forgetful import no_quota_samples
from pectui.session.memory import Memory
from pectui.session.offline import refuse

if TYPE_CHECKING:
    from pectui.domain.quota_history import QuotaSample
    from pectui.domain.thresholds import Thresholds
    from pectui.engine.quota import QuotaMonitor
    from pectui.engine.service import Service
    from pectui.store.quota_samples import QuotaSamples

T = TypeVar("T")

_LATELY = timedelta(days=31)
"""How old the last sample may be for something that has changed since to be news."""


class QuotaBook:
    """`samples` is asked when it is first needed; where it can't be used, the user is told once and nothing is kept."""

    def __init__(
        self,
        service: Service,
        memory: Memory,
        profile: Profile,
        samples: Callable[[], QuotaSamples] | None,
        *,
        clock: Clock,
        offline: bool,
    ) -> None:
        self._service = service
        self._memory = memory
        self._profile = profile
        self._make_samples = samples or no_quota_samples
        self._samples: QuotaSamples | None = None
        self._clock = clock
        self._offline = offline

    async def ask(self) -> Quota:
        """How full the mailbox is. It is written down behind: before the program ends, and nobody waits for it."""
        mailbox = self._profile.mailbox
        reading = await self._service.get_quota(mailbox)
        quota = measure(mailbox, reading, self._profile.quota_unit)
        at = self._clock()
        self._memory.begin_on_disk(lambda: self._keep(quota, at))
        return quota

    async def of(self, mailbox: str) -> Quota:
        """How full another mailbox of the same user is. Nothing of it is kept."""
        return measure(mailbox, await self._service.get_quota(mailbox), self._profile.quota_unit)

    async def history(self, since: datetime | None = None) -> list[QuotaSample]:
        """How full it was, the oldest first, whichever program asked. Quick; nobody is asked."""
        samples = await self._memory.on_disk(lambda: self._guarded(lambda kept: kept.read(since)))
        now = self._clock()
        return [one for one in samples if one.at <= now]  # the others are the work of a clock that was wrong

    async def last_sample(self) -> QuotaSample | None:
        """The latest of them, if it is not too old to say anything of today."""
        lately = await self.history(self._clock() - _LATELY)
        return lately[-1] if lately else None

    async def monitor(self, thresholds: Thresholds, interval: float) -> QuotaMonitor:
        """Watches the mailbox from now on. RefusedHereError at once where pectui is offline.

        A threshold that was crossed since any program asked last is told with the first answer.
        """
        if self._offline:
            refuse("How full the mailbox is was not asked for")
        from pectui.domain.thresholds import Level
        from pectui.engine.quota import QuotaMonitor

        last = await self.last_sample()
        before = Level.UNKNOWN
        if last is not None:
            before = thresholds.level(Quota(self._profile.mailbox, last.used_bytes, last.limit_bytes))
        return QuotaMonitor(self.ask, thresholds, clock=self._clock, interval=interval, before=before)

    def _keep(self, quota: Quota, at: datetime) -> None:
        from pectui.domain.quota_history import sample_of

        sample = sample_of(quota, at)
        if sample is not None:
            self._guarded(lambda kept: kept.add(sample))

    def _guarded(self, work: Callable[[QuotaSamples], T]) -> T:
        if self._samples is None:
            self._samples = self._make_samples()
        try:
            result = work(self._samples)
        except StoreError as error:
            self._memory.warnings.append(f"{error.title}: {error.detail}. {error.hint}")
            self._samples = no_quota_samples()
            result = work(self._samples)
        self._memory.warnings.extend(self._samples.take_warnings())
        return result
