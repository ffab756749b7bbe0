"""`pectui sandbox`: the embedded sandbox on loopback, for trying scripts and for other clients."""

from __future__ import annotations

import shlex
import sys

from pectui.cli.invocation import Invocation
from pectui.cli.output import print_json, print_text, say
from pectui.errors import UsageError
from pectui.session.sandbox import SandboxPlan, run_sandbox

_SWITCHES = (
    "messages",
    "seed",
    "ids",
    "first_uid",
    "first_page",
    "before_first",
    "pages",
    "echo_page",
    "order",
    "match",
    "delete_missing",
    "send_texts",
    "quota_usage",
    "quota_limit",
    "send_interval",
)


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    if arguments.offline:
        raise UsageError(
            "--offline and `pectui sandbox` don't go together",
            "a sandbox answers, and asks nobody anyway",
            "Leave out --offline.",
        )
    switches = {name: getattr(arguments, name) for name in _SWITCHES if getattr(arguments, name) is not None}
    plan = SandboxPlan(port=arguments.port, switches=switches, faults=tuple(arguments.fault))

    def announce(url: str, credentials: dict[str, str]) -> None:
        variables = {"PECTUI_BASE_URL": url, **credentials}
        if arguments.json:
            print_json({"url": url, "environment": variables})
        else:
            for name, value in variables.items():
                print_text(f"export {name}={shlex.quote(value)}")
        sys.stdout.flush()
        say(
            "The sandbox is serving; Ctrl-C ends it. In another terminal, paste these lines and run `pectui -S`."
        )

    try:
        run_sandbox(plan, announce)
    except ValueError as error:
        raise UsageError("That sandbox can't be made", str(error), "See `pectui sandbox --help`.") from error
    except OSError as error:
        raise UsageError(
            f"Port {arguments.port} can't be used",
            error.strerror or "",
            "Leave --port out to get a free one.",
        ) from error
    return 0
