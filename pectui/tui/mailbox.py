"""What the header says about a profile."""

from __future__ import annotations

from pectui.config import Profile
from pectui.tui.foreign import NOTHING, shown
from pectui.tui.widgets.header import Mailbox


def mailbox_of(profile: Profile, address: str) -> Mailbox:
    """`address` is the mailbox's, "" while it isn't known."""
    named = profile.name != profile.environment.value
    return Mailbox(
        environment=profile.environment,
        host=shown(profile.host) if profile.custom_base_url else NOTHING,
        name=shown(profile.name) if named else NOTHING,
        address=shown(address or profile.sender or profile.username),
        read_only=profile.read_only,
    )
