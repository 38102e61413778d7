"""What a photo may cost us, stated as data so that a town can tighten it."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """Bounds on uploaded photos and the shape of what is kept.

    Bytes are bounded first, then pixels as the header states them, and only then is anything decoded. The
    structural bounds (segments, chunks, scans, items) are several times what cameras and editors write;
    they keep a small file from buying a long computation.
    """

    photos: int = 9
    """Photos on one appeal."""
    file_bytes: int = 10 * MEBIBYTE
    """Size of one uploaded file."""
    pixels: int = 50_000_000
    """Width times height; phones of 2025 write 48 or 50 million."""
    buffered_pixels: int = 25_000_000
    """The same for kinds whose decoder holds several whole copies (WebP, progressive JPEG)."""
    side: int = 12_000
    """Longest side in pixels."""
    metadata_bytes: int = MEBIBYTE
    """Largest EXIF block or colour profile that is read at all; beyond it they are ignored."""
    jpeg_segments: int = 1_000
    """Header segments of a JPEG; a 10 MB file of full segments has 160."""
    jpeg_scans: int = 64
    """Passes of a progressive JPEG; encoders write about ten, and each costs a walk over the picture."""
    png_chunks: int = 20_000
    """Chunks of a PNG; at the usual 8 kB a 10 MB file has 1,280."""
    webp_chunks: int = 5_000
    """Chunks of a WebP file, two for each frame of an animation."""
    heic_items: int = 1_000
    """Items of a HEIC file; a 48-megapixel phone photo has about 200 tiles."""
    kept_side: int = 2_048
    """Longest side of the photo that is kept."""
    kept_quality: int = 82
    """JPEG quality of the photo that is kept."""
    thumbnail_side: int = 480
    """Longest side of the thumbnail."""
    thumbnail_quality: int = 78
    """JPEG quality of the thumbnail."""


DEFAULT_LIMITS = PhotoLimits()
