"""Where the memory of a mailbox lies. The folder's name says which profile, and no address in clear."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

_NAME_AT_MOST = 32
_DIGEST_DIGITS = 16


def folder_for(cache_root: Path, profile: str, host: str, username: str, mailbox: str) -> Path:
    """The folder under `cache_root` for this mailbox on this host as `profile` sees it."""
    name = re.sub(r"[^a-z0-9_-]+", "-", profile.lower())[:_NAME_AT_MOST].strip("-") or "profile"
    # NUL can stand in none of the three, so that no two triples read the same.
    account = "\0".join((host.lower(), username, mailbox)).encode("utf-8", "surrogatepass")
    return cache_root / f"{name}-{sha256(account).hexdigest()[:_DIGEST_DIGITS]}"
