"""The subject and the body of a campaign: texts with `$name` where each message has its own.

The rules are those of Python's `string.Template`: `$name` and `${name}`, and `$$` for a dollar. Names may have any
letters, and between braces blanks as well, since columns are named by people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PLACEHOLDER = re.compile(r"\$(?:(\$)|([^\W\d]\w*)|\{([^{}\n]+)\}|())")


@dataclass(frozen=True, slots=True)
class Template:
    """A text, taken apart once: `literals` has one more than `names`, which stand between them."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    lone: tuple[int, ...] = ()
    """Lines, from 1, where a dollar stands that begins no placeholder."""

    def filled(self, values: Sequence[str]) -> str:
        """The text with one value for each of its names."""
        if not values:
            return self.literals[0]
        parts = [self.literals[0]]
        for value, literal in zip(values, self.literals[1:], strict=True):
            parts += (value, literal)
        return "".join(parts)


def parse_template(text: str) -> Template:
    """`text` taken apart."""
    literals, names, lone = [""], [], []
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        literals[-1] += text[end : found.start()]
        end = found.end()
        if found[1]:
            literals[-1] += "$"
        elif name := found[2] or found[3]:
            names.append(name.strip())
            literals.append("")
        else:
            literals[-1] += "$"
            lone.append(text.count("\n", 0, found.start()) + 1)
    literals[-1] += text[end:]
    return Template(tuple(literals), tuple(names), tuple(lone))
