"""`pectui cache info` and `pectui cache clear`: what is kept of the mailbox on this machine. Nobody is asked."""

from __future__ import annotations

from dataclasses import replace

from pectui.cli.age import iso, when
from pectui.cli.invocation import Invocation
from pectui.cli.output import cleaned_document, print_json, print_text, say
from pectui.domain.listing import Kept, Synced
from pectui.domain.quota import in_units
from pectui.environment import Environment
from pectui.errors import UsageError
from pectui.session import Cache, chosen_profile, open_cache
from pectui.text.clean import clean_line


def run(invocation: Invocation) -> int:
    settings = replace(invocation.settings, offline=True)
    profile = chosen_profile(settings)
    if profile.environment is Environment.DEMO:
        raise UsageError("The demo has no cache", "nothing of it is remembered", "Leave out --demo.")
    cache = open_cache(profile, invocation.places)
    try:
        return {"info": _info, "clear": _clear}[invocation.arguments.action](cache, as_json=settings.json)
    finally:
        for warning in cache.take_warnings():
            say(f"pectui: {warning}")


def _info(cache: Cache, *, as_json: bool) -> int:
    kept, synced = cache.kept(), cache.synced()
    if as_json:
        document = {
            "folder": str(cache.folder),
            "messages": kept.messages,
            "total": synced.total,
            "texts": kept.texts,
            "text_bytes": kept.text_bytes,
            "bytes": kept.bytes,
            "synced_at": iso(synced.agreed_at),
            "full_at": iso(synced.full_at),
            "complete": synced.full_at is not None,
            "ids_shift": synced.ids_shift,
        }
        print_json(cleaned_document(document))
        return 0
    lines = [("Folder", str(cache.folder)), *_lines(kept, synced)]
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        print_text(f"{name + ':':<{width + 1}} {clean_line(text)}")
    return 0


def _lines(kept: Kept, synced: Synced) -> list[tuple[str, str]]:
    counted = "" if synced.total is None else f" of {synced.total} that the service counts"
    never_read = "never: it doesn't reach to the oldest message yet"
    return [
        ("Messages", f"{kept.messages}{counted}"),
        ("Texts", f"{kept.texts}, {in_units(kept.text_bytes)}"),
        ("On the disk", in_units(kept.bytes)),
        ("Synced", "never" if synced.agreed_at is None else when(synced.agreed_at)),
        ("Every page read", never_read if synced.full_at is None else when(synced.full_at)),
        ("Ids", "they were seen to shift" if synced.ids_shift else "none was seen to shift"),
    ]


def _clear(cache: Cache, *, as_json: bool) -> int:
    kept = cache.clear()
    if as_json:
        cleared = {"messages": kept.messages, "texts": kept.texts, "bytes": kept.bytes}
        print_json({"cleared": cleared})
    else:
        messages = "1 message" if kept.messages == 1 else f"{kept.messages} messages"
        texts = "1 text" if kept.texts == 1 else f"{kept.texts} texts"
        print_text(f"forgotten: {messages} and {texts}, {in_units(kept.bytes)}")
    return 0
