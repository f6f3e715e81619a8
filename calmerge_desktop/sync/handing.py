"""Handing a mail to a service over HTTP: to know whether it may have taken the mail, as one knows after the dot of SMTP.

A service may answer with trouble, or not at all, after it took the mail. Then nobody knows, and it is not sent again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from calmerge_desktop.core.errors import DeliveryUnknown, Offline
from calmerge_desktop.core.texts import _

UNSURE = frozenset({408, 500, 502, 504})
"""Statuses after which the mail may be on its way; 429 and 503 are said before anything is done (RFC 9110 §15.6.4)."""
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


@contextmanager
def handing_over(host: str) -> Iterator[None]:
    """Around the one request that hands the mail over. Raises `DeliveryUnknown` where its answer is missing."""
    try:
        yield
    except Offline as error:
        if isinstance(error.__cause__, _NOT_SENT):
            raise
        raise unsure(host) from error


def unsure(host: str) -> DeliveryUnknown:
    """The sentence for a mail that may have arrived."""
    said = _("The connection to {host} broke off after the whole mail was handed over, so it may have arrived.")
    return DeliveryUnknown(said.format(host=host), hint=_("Ask the recipient before you send it again."))
