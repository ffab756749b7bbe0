"""What sending costs, and how much of it the service's plans allow (`api.md`: Standard, Flat)."""

from __future__ import annotations

from decimal import Decimal

STANDARD_PRICE = Decimal("0.05")
"""EUR for each recipient, on the vendor's Standard plan."""
RECIPIENTS_A_DAY = 3_500
"""On the Standard plan; counted in recipients, not in messages."""


def cost_of(recipients: int, price: Decimal | None) -> Decimal | None:
    """EUR for so many recipients; None where the price of one is not known."""
    return None if price is None else price * recipients


def cost_words(cost: Decimal | None) -> str:
    """`1.50 EUR`; what isn't known is called unknown."""
    if cost is None:
        return "unknown"
    cents = cost.quantize(Decimal("0.01"))
    return f"{cents if cents == cost else cost.normalize():f} EUR"
