"""How we talk to the service: one client, two ways of carrying its requests.

Importing this loads neither httpx nor stamina.
"""

from pectui.api.client import PecClient
from pectui.api.credentials import MailboxCredentials
from pectui.api.exchange import Request, Response, Transport
from pectui.api.inprocess import InProcessTransport
from pectui.api.inquiry import Destination
from pectui.api.retry import NO_RETRIES, RetryPolicy
from pectui.api.transport import HttpxTransport

__all__ = [
    "NO_RETRIES",
    "Destination",
    "HttpxTransport",
    "InProcessTransport",
    "MailboxCredentials",
    "PecClient",
    "Request",
    "Response",
    "RetryPolicy",
    "Transport",
]
