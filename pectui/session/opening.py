"""From settings and secrets to an open mailbox: here, and only here, the parts are wired together.

Nothing heavy is loaded before it is needed: httpx on the way to a real server, TinyDB for a mailbox with a memory,
neither for the demo.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pectui.config import Places, Profile, Settings
from pectui.credentials import Secrets, find_secrets
from pectui.environment import Environment, service_name
from pectui.errors import ConfigError
from pectui.session.clock import Clock, system_clock
from pectui.session.demo_past import demo_quota_samples
from pectui.session.late import Late
from pectui.session.offline import Offline
from pectui.session.session import Session
from pectui.session.unremembered import Unremembered

if TYPE_CHECKING:
    from pectui.api.client import PecClient
    from pectui.engine.audit import Audit
    from pectui.engine.jobs import Jobs
    from pectui.engine.send_jobs import CampaignJob
    from pectui.engine.service import Service
    from pectui.session.sending import Outbox
    from pectui.store.archive import Archive
    from pectui.store.drafts import Drafts
    from pectui.store.export_log import ExportLog
    from pectui.store.memory import Store
    from pectui.store.quota_samples import QuotaSamples


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

    `secrets` are those that the caller has found already; else they are looked for when the service is first asked,
    which raises ConfigError if one is missing. `prompt` asks the user for a secret that is nowhere else; None where
    nobody can be asked. Offline needs no secrets. ConfigError at once where no mailbox is named.
    """
    profile = chosen_profile(settings)
    if profile.environment is Environment.DEMO:
        return _open_demo(profile, settings, clock)
    if settings.offline:
        nobody = Offline()
        return _open_mailbox(profile, nobody, places, clock, environ, close=nobody.aclose, offline=True)
    if secrets is not None:
        client = _client(profile, secrets)
        return _open_mailbox(profile, client, places, clock, environ, close=client.aclose)

    async def make() -> PecClient:
        return _client(profile, await asyncio.to_thread(find_secrets, profile, environ, prompt=prompt))

    late = Late(make)
    return _open_mailbox(profile, late, places, clock, environ, close=late.aclose)


def chosen_profile(settings: Settings) -> Profile:
    """The profile to open. ConfigError where there is none."""
    profile = settings.profile
    if profile is None:
        raise ConfigError(
            "No mailbox is set up",
            "there is no token, user name and password in the environment, and no default profile in a file",
            "Name the profile with --profile, -S or PECTUI_PROFILE: what is remembered needs no secret."
            if settings.offline
            else "Set PECTUI_TOKEN, PECTUI_USERNAME and PECTUI_PASSWORD, or try `pectui demo`.",
        )
    return profile


def _open_demo(profile: Profile, settings: Settings, clock: Clock) -> Session:
    """The embedded sandbox in this process: no network, nothing on the disk."""
    from pectui.api.client import PecClient
    from pectui.api.credentials import MailboxCredentials
    from pectui.api.inprocess import InProcessTransport
    from pectui.engine.jobs import MemoryJobs
    from pectui.sandbox.app import create_app
    from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
    from pectui.store.export_log import MemoryExportLog
    from pectui.store.memory import MemoryStore

    options = Options(messages=settings.demo_messages, seed=settings.demo_seed)
    app = create_app(options, credentials=DEMO_CREDENTIALS, clock=clock)
    demo = DEMO_CREDENTIALS
    jobs = MemoryJobs(clock)
    export_log = MemoryExportLog()
    client = PecClient(InProcessTransport(app), MailboxCredentials(demo.token, demo.username, demo.password))
    return Session(
        profile,
        client,
        MemoryStore(),
        own=frozenset({DEMO_ADDRESS}),
        address=DEMO_ADDRESS,
        jobs=lambda: jobs,
        export_log=lambda: export_log,
        quota_samples=partial(demo_quota_samples, app, clock),
        clock=clock,
        close=client.aclose,
    )


def _client(profile: Profile, secrets: Secrets) -> PecClient:
    from pectui.api.client import PecClient
    from pectui.api.credentials import MailboxCredentials
    from pectui.api.inquiry import Destination
    from pectui.api.transport import HttpxTransport

    credentials = MailboxCredentials(secrets.token, profile.username, secrets.password)
    destination = Destination(
        profile.host, profile.environment.value, secrets.token_from, secrets.password_from
    )
    return PecClient(
        HttpxTransport(profile.base_url),
        credentials,
        destination=destination,
        concurrency=profile.concurrency,
    )


def _open_mailbox(
    profile: Profile,
    service: Service,
    places: Places,
    clock: Clock,
    environ: Mapping[str, str],
    *,
    close: Callable[[], Coroutine[Any, Any, None]],
    offline: bool = False,
) -> Session:
    folder = memory_folder(profile, places)  # at once: it tells what the profile lacks

    def store() -> Store:
        from pectui.store.mailbox import MailboxStore

        return MailboxStore(folder)

    return Session(
        profile,
        service,
        store,
        own=profile.own_addresses,
        address=profile.sender or profile.username,
        jobs=cache(partial(_jobs, places, clock)),
        outbox=cache(partial(_outbox, profile, places, clock)),
        audit=partial(_audit, profile, places, environ, clock),
        export_log=partial(_export_log, profile, places, clock),
        clock=clock,
        close=close,
        offline=offline,
        unremembered=unremembered(profile, places),
        archive=partial(_archive, profile, places) if profile.cache_bodies else None,
        quota_samples=partial(quota_samples, profile, places),
        drafts=partial(_drafts, profile, places) if profile.cache_bodies else None,
    )


def open_jobs(places: Places, clock: Clock = system_clock) -> Jobs:
    """The jobs of all mailboxes on this machine, to be looked at without opening one."""
    from pectui.engine.jobs import FolderJobs

    return FolderJobs(places.state / "jobs", clock)


def _jobs(places: Places, clock: Clock) -> Jobs:
    from pectui.engine.jobs import FolderJobs

    return FolderJobs(private_folder(places.state / "jobs"), clock)


def open_campaign_jobs(places: Places) -> Sequence[CampaignJob]:
    """The campaigns of all mailboxes on this machine, the latest first. StoreError where they can't be read."""
    from pectui.engine.send_jobs import all_campaign_jobs

    return all_campaign_jobs(sendings_folder(places))


def sendings_folder(places: Places) -> Path:
    """Where the journals of sending lie, a folder for each mailbox."""
    return places.state / "sendings"


def _outbox(profile: Profile, places: Places, clock: Clock) -> Outbox:
    from pectui.engine.send_journals import FolderJournals
    from pectui.engine.send_pace import FilePlace
    from pectui.session.sending import Outbox
    from pectui.store.places import folder_for

    # By what the service knows the mailbox by: two profiles for one mailbox must know of each other's sends.
    service = service_name(profile.base_url) or profile.host
    name = folder_for(Path(), "", service, profile.username.casefold(), "").name
    folder = private_folder(sendings_folder(places) / name)
    return Outbox(lambda: FolderJournals(folder, clock), FilePlace(folder / "last"), folder)


def _audit(profile: Profile, places: Places, environ: Mapping[str, str], clock: Clock) -> Audit:
    from pectui.engine.audit import FileAudit

    return FileAudit(
        private_folder(places.state) / "audit.jsonl",
        profile=profile.name,
        mailbox=profile.sender or profile.username,
        environ=environ,
        clock=clock,
    )


def _export_log(profile: Profile, places: Places, clock: Clock) -> ExportLog:
    from pectui.store.export_log import FolderExportLog

    return FolderExportLog(places.state / "exports" / memory_folder(profile, places).name, clock)


def _archive(profile: Profile, places: Places) -> Archive:
    from pectui.store.archive_files import FolderArchive

    # Not with the cache: what a receipt that is gone said can't be asked for again.
    return FolderArchive(places.state / "sends" / memory_folder(profile, places).name)


def _drafts(profile: Profile, places: Places) -> Drafts:
    from pectui.store.draft_files import FolderDrafts

    # Nobody can fetch again what one has written: it is no cache.
    return FolderDrafts(places.state / "drafts" / memory_folder(profile, places).name)


def quota_samples(profile: Profile, places: Places) -> QuotaSamples:
    """How full the profile's mailbox was."""
    from pectui.store.quota_files import FolderQuotaSamples

    # Kept where no text of a mail may be, too: it is two numbers and a time.
    return FolderQuotaSamples(places.state / "quota" / memory_folder(profile, places).name)


def unremembered(profile: Profile, places: Places) -> Unremembered:
    """The mark that what was shown last of the profile's mailbox could not be remembered."""
    return Unremembered(places.state / "unremembered" / memory_folder(profile, places).name)


def memory_folder(profile: Profile, places: Places) -> Path:
    """Where pectui remembers the mailbox of `profile`. ConfigError where it has no user name."""
    from pectui.store.places import folder_for

    if not profile.username:
        raise ConfigError(
            f"The profile {profile.name} has no user name",
            "what is remembered is kept apart by user name",
            "Set PECTUI_USERNAME, or `username` in the profile.",
        )
    return folder_for(places.cache, profile.name, profile.host, profile.username, profile.mailbox)


def private_folder(folder: Path) -> Path:
    """`folder`, made with what is missing above it, and open to its owner only. StoreError if it can't be."""
    from pectui.store.files import make_folder

    make_folder(folder)
    return folder
