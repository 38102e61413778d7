"""Huying 呼应: one pipe for everything residents ask, answered and followed to an honest end."""

__version__ = "0.1.0.dev0"
