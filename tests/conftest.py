"""What holds for every test: nobody is hurried, and Ctrl-C can be sent; and no core waits while a test does."""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

# How long an example takes on a busy machine says nothing about what is tested. All else stays as hypothesis has it
# where the tests run: on a build server it draws the same examples each time.
_USUAL = settings()
settings.register_profile(
    "patient",
    _USUAL,
    deadline=None,
    suppress_health_check=[*_USUAL.suppress_health_check, HealthCheck.too_slow],
)
settings.load_profile("patient")


def pytest_configure() -> None:
    # A shell that runs these tests in the background has them ignore Ctrl-C, and so would each program they start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`. Many tests wait for a service that is down, or for a screen to rest: meanwhile others can run."""
    return 2 * (os.cpu_count() or 1)
