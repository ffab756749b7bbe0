"""Properties are about results: how long one example takes on a busy machine says nothing about them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
