"""From settings and secrets to an open mailbox: here, and only here, the parts are wired together.

Nothing heavy is loaded before it is needed: httpx on the way to a real server, TinyDB for a mailbox with a memory,
neither for the demo.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from pectui.config import Places, Profile, Settings
from pectui.credentials import Secrets, find_secrets
from pectui.environment import Environment
from pectui.errors import ConfigError
from pectui.session.session import Clock, Session, system_clock


async def open_session(
    settings: Settings,
    *,
    environ: Mapping[str, str],
    places: Places,
    prompt: Callable[[str], str] | None = None,
    secrets: Secrets | None = None,
    clock: Clock = system_clock,
) -> Session:
    """Opens the mailbox of the settings' profile without asking the service anything yet.

    `secrets` are those that the caller has found already; else they are looked for here. `prompt` asks the user
    for a secret that is nowhere else; None where nobody can be asked. Raises ConfigError.
    """
    profile = settings.profile
    if profile is None:
        raise ConfigError(
            "No mailbox is set up",
            "there is no token, user name and password in the environment, and no default profile in a file",
            "Set PECTUI_TOKEN, PECTUI_USERNAME and PECTUI_PASSWORD, or try `pectui demo`.",
        )
    if profile.environment is Environment.DEMO:
        return _open_demo(profile, settings, clock)
    if secrets is None:
        secrets = await asyncio.to_thread(find_secrets, profile, environ, prompt=prompt)
    return _open_mailbox(profile, secrets, places, clock)


def _open_demo(profile: Profile, settings: Settings, clock: Clock) -> Session:
    """The embedded sandbox in this process: no network, nothing on the disk."""
    from pectui.api.client import PecClient
    from pectui.api.credentials import MailboxCredentials
    from pectui.api.inprocess import InProcessTransport
    from pectui.engine.journal import NoJournal
    from pectui.sandbox.app import create_app
    from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
    from pectui.store.memory import MemoryStore

    options = Options(messages=settings.demo_messages, seed=settings.demo_seed)
    app = create_app(options, credentials=DEMO_CREDENTIALS, clock=clock)
    demo = DEMO_CREDENTIALS
    client = PecClient(InProcessTransport(app), MailboxCredentials(demo.token, demo.username, demo.password))
    return Session(
        profile,
        client,
        MemoryStore(),
        own=frozenset({DEMO_ADDRESS}),
        address=DEMO_ADDRESS,
        journal=NoJournal,
        clock=clock,
        close=client.aclose,
    )


def _open_mailbox(profile: Profile, secrets: Secrets, places: Places, clock: Clock) -> Session:
    from pectui.api.client import PecClient
    from pectui.api.credentials import MailboxCredentials
    from pectui.api.inquiry import Destination
    from pectui.api.transport import HttpxTransport
    from pectui.engine.journal import FileJournal
    from pectui.store.mailbox import MailboxStore
    from pectui.store.places import folder_for

    credentials = MailboxCredentials(secrets.token, profile.username, secrets.password)
    destination = Destination(
        profile.host, profile.environment.value, secrets.token_from, secrets.password_from
    )
    client = PecClient(
        HttpxTransport(profile.base_url),
        credentials,
        destination=destination,
        concurrency=profile.concurrency,
    )
    folder = folder_for(places.cache, profile.name, profile.host, profile.username, profile.mailbox)
    return Session(
        profile,
        client,
        MailboxStore(folder),
        own=profile.own_addresses,
        address=profile.sender or profile.username,
        journal=lambda: FileJournal(private_folder(places.state / "jobs"), clock),
        clock=clock,
        close=client.aclose,
    )


def private_folder(folder: Path) -> Path:
    """`folder`, made with what is missing above it, and open to its owner only. StoreError if it can't be."""
    from pectui.store.files import make_folder

    make_folder(folder)
    return folder
