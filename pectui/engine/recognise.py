"""Making sure that a chosen message is the one that was listed, and knowing it by its text from then on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.interpret import interpret
from pectui.domain.message import Header, MailText, Message
from pectui.engine.drift import Drift
from pectui.engine.looking import Doubtful, Missing, find
from pectui.engine.outcome import Unfinished
from pectui.engine.pages import PageReader
from pectui.engine.reading import header_of
from pectui.engine.service import Service
from pectui.engine.witnesses import Witnesses
from pectui.errors import NotFoundError

NOTHING_TO_TELL_IT_BY = "it has neither a date nor a subject, so that nothing tells it from another message"

_A_TWIN = (
    "another message looks the same, and nothing tells whether the server's ids have moved since they were listed: "
    "read it on the screen before you choose it, or choose it once newer mail is listed above it"
)
_NOT_ALL_LISTED = "it is not where it was listed, and the service doesn't list all its messages"
_NOT_RECOGNISED = (
    "it is not where it was listed, and the message that looks like it has other neighbours: "
    "list again, then choose it"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose: the message as it was listed and on which page, or a bare id that was never listed."""

    id: int
    header: Header | None
    page: int | None = None
    text_hash: str | None = None
    """Of the text that was read under this id when it was shown; None where it was not read."""

    @property
    def fingerprint(self) -> Fingerprint | None:
        return None if self.header is None else replace(Fingerprint.of(self.header), text_hash=self.text_hash)


@dataclass(frozen=True, slots=True)
class Target:
    """A message that may be deleted: `chosen_id` is what the user called it, the fingerprint says which it is."""

    chosen_id: int
    fingerprint: Fingerprint
    message: Message
    page: int | None
    has_twin: bool = False
    """Whether another message was listed with the same facts: only its text tells it from that one."""


class Recognition:
    """`known` is what was listed together with what was chosen: it tells twins, and by neighbours whether ids moved.

    `drift` is what was deleted here since the listing.
    """

    def __init__(
        self,
        service: Service,
        reader: PageReader,
        *,
        own: frozenset[str],
        known: Iterable[Header],
        drift: Drift | None = None,
    ) -> None:
        self._service = service
        self._reader = reader
        self._own = own
        self._known = known
        self._drift = drift or Drift()
        self._made: Witnesses | None = None

    @property
    def witnesses(self) -> Witnesses:
        if self._made is None:
            self._made = Witnesses(self._service, self._known, self._drift)
        return self._made

    def above(self, header: Header) -> Header | None:
        """The nearest message above `header` that nothing looks like, with its id of now; None if that isn't known."""
        witness = self.witnesses.above(header)
        places = frozenset[int]() if witness is None else self._drift.possible(witness.id)
        return replace(witness, id=min(places)) if witness is not None and len(places) == 1 else None

    async def look(self, choice: Choice) -> Target | Unfinished | Missing:
        """The message that was chosen with its text; why it can't be told for sure; or that it is gone."""
        header, wanted = choice.header, choice.fingerprint
        if header is not None and not can_be_told(header):
            return Unfinished(choice.id, NOTHING_TO_TELL_IT_BY)
        try:
            mail = await self._service.get_message(self._drift.now(choice.id))
        except NotFoundError:
            if header is None or wanted is None:
                return Missing(certain=True, total=None)
        else:
            if header is None or wanted is None:
                header = header_of(choice.id, mail)
                if not can_be_told(header):
                    return Unfinished(choice.id, NOTHING_TO_TELL_IT_BY)
                return self._target(choice, header, mail)
            known = choice.text_hash is not None or await self.witnesses.vouch(header)
            if known and wanted.matches(mail):
                return self._target(choice, header, mail)
        return await self._find(choice, header, wanted)

    async def text(self, target: Target) -> Target | Unfinished | Missing:
        """`target` with its text: from now on no twin can be taken for it."""
        header = target.message.header
        looked = await self.look(Choice(header.id, header, target.page))
        if isinstance(looked, Target):
            mark = replace(target.fingerprint, text_hash=looked.fingerprint.text_hash)
            return replace(target, fingerprint=mark, page=looked.page)
        return replace(looked, id=target.chosen_id) if isinstance(looked, Unfinished) else looked

    def _target(self, choice: Choice, header: Header, mail: MailText) -> Target:
        mark = Fingerprint.of(header).with_text(mail.body)
        return Target(choice.id, mark, interpret(header, self._own), choice.page, self._has_twin(header))

    async def _find(
        self, choice: Choice, header: Header, wanted: Fingerprint
    ) -> Target | Unfinished | Missing:
        """The chosen message is not where it was, or nobody can vouch for that: looks in the whole listing."""
        if wanted.text_hash is None and self.witnesses.twins(header):
            return Unfinished(choice.id, _A_TWIN)
        was = self._drift.now(choice.id)
        found = await find(self._service, self._reader, replace(wanted, id=was), choice.page)
        if isinstance(found, Doubtful):
            return Unfinished(choice.id, found.reason)
        if isinstance(found, Missing):
            return found if found.certain else Unfinished(choice.id, _NOT_ALL_LISTED)
        now = found.fingerprint.id
        on_top = self.witnesses.above(header) is None and now in self._drift.possible(choice.id)
        expected = wanted.text_hash is not None or on_top
        if not expected and not await self.witnesses.recognise(header, now):
            return Unfinished(choice.id, _NOT_RECOGNISED)
        there = replace(header, id=now)
        message = interpret(there, self._own)
        return Target(choice.id, found.fingerprint, message, found.page.number, self._has_twin(header))

    def _has_twin(self, header: Header) -> bool:
        return bool(self.witnesses.twins(header))


def can_be_told(header: Header) -> bool:
    """Whether the message could be recognised if it were seen again."""
    return Fingerprint.of(header).matches(header)
