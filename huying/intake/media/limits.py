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
    exif_bytes: int = 256 * 1024
    """Largest EXIF block that is read for its hints; beyond it there are none. JPEG itself ends at 64 kB."""
    profile_bytes: int = MEBIBYTE
    """Largest colour profile that is applied; beyond it colours are taken as sRGB."""
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
    heic_seconds: int = 10
    """Processor time for one HEIC in its own process; 48 megapixels take about two."""
    heic_memory_bytes: int = 1024 * MEBIBYTE
    """Address space of that process; 50 megapixels take about 330 MB of memory."""
    kept_side: int = 2_048
    """Longest side of the photo that is kept; down to 15/16 of it where a plain halving of the source ends
    there (4,032 pixels become 2,016), which costs a third of the time and loses nothing."""
    kept_quality: int = 82
    """JPEG quality of the photo that is kept."""
    thumbnail_side: int = 480
    """Longest side of the thumbnail."""
    thumbnail_quality: int = 78
    """JPEG quality of the thumbnail."""

    @property
    def enough_side(self) -> int:
        """Return the longest side that needs no finer decoding."""
        return self.kept_side * 15 // 16


DEFAULT_LIMITS = PhotoLimits()
