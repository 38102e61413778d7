"""Decodes HEIC in a process of its own, whose time and memory the operating system bounds.

The decoder can be made to work for minutes or fill gigabytes by small files in ways its own limits do not
catch (measured: 52 s from 40 kB, 15 GB from 9 MB), and it does not stop when asked. The walk over the boxes
refuses the ways we know; this bounds the ones we do not. Only HEIC pays for it, about a tenth of a second.
"""

import dataclasses
import io
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

from PIL import Image

from huying.intake.media.decode import Painted, repaint
from huying.intake.media.errors import PhotoBroken, PhotosBusy, PhotoTooComplex
from huying.intake.media.header import Header
from huying.intake.media.limits import PhotoLimits

_ANSWER = struct.Struct(">III")  # width, height, bytes of EXIF; then the EXIF block, then RGB pixels
_BROKEN = 65  # as EX_DATAERR of sysexits.h
_START_SECONDS = 10  # more than the processor time, for a busy machine


def paint_apart(header: Header, limits: PhotoLimits) -> Painted:
    """Decode and repaint a HEIC in a child process that sees neither our environment nor our memory.

    Raises PhotoBroken when it does not decode, PhotoTooComplex when it takes more time or memory than the
    limits allow, PhotosBusy when no process can be started.
    """
    command = [sys.executable, "-P", "-m", __name__, json.dumps(dataclasses.asdict(limits))]
    search_path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    try:
        child = subprocess.run(  # noqa: S603 (our own module; the photo goes in as standard input)
            command,
            input=header.picture,
            capture_output=True,
            env={"PYTHONPATH": search_path},
            timeout=limits.heic_seconds + _START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PhotoTooComplex from error
    except OSError as error:
        raise PhotosBusy from error
    if child.returncode == _BROKEN:
        raise PhotoBroken
    if child.returncode:  # out of memory, out of time, or crashed
        raise PhotoTooComplex
    return _read_answer(child.stdout, limits)


def _read_answer(answer: bytes, limits: PhotoLimits) -> Painted:
    """Read what the child says with the distrust its input deserves."""
    if len(answer) < _ANSWER.size:
        raise PhotoBroken
    width, height, exif_bytes = _ANSWER.unpack_from(answer)
    exif, pixels = answer[_ANSWER.size :][:exif_bytes], answer[_ANSWER.size + exif_bytes :]
    sound = 0 < width <= limits.kept_side and 0 < height <= limits.kept_side
    if not sound or exif_bytes > limits.exif_bytes or len(pixels) != width * height * 3:
        raise PhotoBroken
    return Painted(Image.frombytes("RGB", (width, height), pixels), exif)


def _bound(limits: PhotoLimits) -> None:
    """Let the operating system stop this process when it takes too much, and write no file."""
    if sys.platform == "win32":
        return  # no such limits there; the parent's patience is the bound
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (limits.heic_seconds, limits.heic_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.heic_memory_bytes, limits.heic_memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _paint(data: bytes, limits: PhotoLimits) -> bytes:
    """Decode the main picture, which libheif turns upright itself, and return the answer to the parent."""
    import pi_heif

    pi_heif.options.DECODE_THREADS = 1
    for part in ("THUMBNAILS", "DEPTH_IMAGES", "AUX_IMAGES"):
        setattr(pi_heif.options, part, False)
    opened = pi_heif.open_heif(io.BytesIO(data))
    exif = (opened.info.get("exif") or b"").removeprefix(b"Exif\x00\x00")
    icc = opened.info.get("icc_profile") or b""
    picture = opened.to_pillow()
    image = repaint(picture, icc if len(icc) <= limits.profile_bytes else None, limits)
    exif = exif if len(exif) <= limits.exif_bytes else b""
    return _ANSWER.pack(*image.size, len(exif)) + exif + image.tobytes()


def main() -> int:
    """Run as the child: limits as the only argument, a HEIC in, the answer out."""
    limits = PhotoLimits(**json.loads(sys.argv[1]))
    _bound(limits)
    try:
        answer = _paint(sys.stdin.buffer.read(), limits)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (whatever the decoder says, the parent needs one bit of it)
        return _BROKEN
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
