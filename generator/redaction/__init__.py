"""What a site must not say: found before anything is written, and looked for afterwards."""

from .redactor import Redactor, redactor_for

__all__ = ["Redactor", "redactor_for"]
