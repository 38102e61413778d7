"""Letters at the door: .eml files and mailboxes in; text, sender, moment and pictures out.

A package without Django: it can be tried from a notebook, and fuzzed without a server.
"""

from huying.intake.mail.letter import Letter, MailLimits, Picture, Problem
from huying.intake.mail.reading import read_letter, read_letters

__all__ = ["Letter", "MailLimits", "Picture", "Problem", "read_letter", "read_letters"]
