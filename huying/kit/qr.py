"""QR codes as pictures a page can show without a request of their own."""

from __future__ import annotations

import segno


def qr_picture(text: str) -> str:
    """Return a QR code of `text` as an SVG data address, to be the source of a picture."""
    return str(segno.make(text, error="m").svg_data_uri(scale=5, border=2, dark="#14201e", light="#ffffff"))
