"""Draws simple pictures for the demo's photos, so that none has to be taken of anybody."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

from huying.demo.town.dice import happens

SIZE = (960, 720)
SKY = {"day": (186, 208, 222), "night": (28, 34, 58)}
NIGHT = ("noise", "lamp", "site")
Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw


def photo_bytes(kind: str, seed: int) -> bytes:
    """Return a JPEG of 960 × 720 for a kind of matter (rubbish, leak …); the same for the same seed."""
    rng = random.Random(f"photo:{kind}:{seed}")
    image = Image.new("RGB", SIZE, _shade(SKY["night" if kind in NIGHT else "day"], rng))
    draw = ImageDraw.Draw(image)
    _backdrop(draw, rng, night=kind in NIGHT)
    DRAWN.get(kind, _rubbish)(draw, rng)
    image = image.filter(ImageFilter.GaussianBlur(1.6)).rotate(
        rng.uniform(-3, 3), resample=Image.Resampling.BILINEAR, fillcolor=(90, 92, 92)
    )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _shade(colour: Colour, rng: random.Random, spread: int = 16) -> Colour:
    red, green, blue = (max(0, min(255, part + rng.randint(-spread, spread))) for part in colour)
    return red, green, blue


def _backdrop(draw: Draw, rng: random.Random, *, night: bool) -> None:
    """Houses with windows, a kerb and the ground."""
    left = -40
    while left < SIZE[0]:
        width, top = rng.randint(120, 230), rng.randint(60, 260)
        wall = _shade((70, 72, 88) if night else (205, 196, 180), rng)
        draw.rectangle((left, top, left + width, 430), fill=wall)
        for x in range(left + 14, left + width - 24, 38):
            for y in range(top + 18, 400, 46):
                lit = night and happens(rng, 0.3)
                glass = (
                    (238, 206, 120) if lit else _shade((120, 136, 150) if not night else (44, 50, 70), rng)
                )
                draw.rectangle((x, y, x + 20, y + 26), fill=glass)
        left += width + rng.randint(4, 30)
    draw.rectangle((0, 430, *SIZE), fill=_shade((58, 60, 66) if night else (148, 146, 142), rng))
    draw.rectangle((0, 430, SIZE[0], 446), fill=_shade((110, 110, 112), rng))
    for x in range(rng.randint(-120, 0), SIZE[0], 190):
        draw.polygon([(x, 640), (x + 90, 640), (x + 80, 654), (x - 10, 654)], fill=(214, 212, 204))


def _rubbish(draw: Draw, rng: random.Random) -> None:
    for _ in range(rng.randint(16, 30)):
        x, y, size = rng.randint(250, 700), rng.randint(440, 600), rng.randint(30, 84)
        colour = rng.choice(((36, 36, 40), (222, 222, 216), (150, 60, 50), (60, 96, 70), (176, 148, 104)))
        draw.ellipse((x, y - size // 2, x + size, y + size // 2), fill=_shade(colour, rng))
    draw.ellipse((320, 590, 720, 650), fill=_shade((92, 84, 66), rng))


def _pothole(draw: Draw, rng: random.Random) -> None:
    x, y = rng.randint(300, 560), rng.randint(520, 600)
    for grow, colour in ((0, (96, 92, 88)), (16, (60, 56, 54)), (34, (34, 32, 32))):
        ring = [
            (x + dx * (190 - grow) / 190, y + dy * (70 - grow / 3) / 70)
            for dx, dy in ((-190, 4), (-120, -52), (10, -70), (130, -46), (190, 10), (96, 58), (-60, 66))
        ]
        draw.polygon(ring, fill=_shade(colour, rng, 6))
    for _ in range(40):
        a, b = rng.randint(x - 240, x + 240), rng.randint(y - 90, y + 90)
        draw.ellipse((a, b, a + 9, b + 6), fill=_shade((70, 68, 66), rng))


def _leak(draw: Draw, rng: random.Random) -> None:
    draw.rectangle((0, 0, *SIZE), fill=_shade((226, 220, 206), rng))
    draw.rectangle((0, 0, SIZE[0], 150), fill=_shade((236, 234, 228), rng))
    for _ in range(7):
        x, y = rng.randint(60, 800), rng.randint(90, 180)
        for grow in range(5, 0, -1):
            tone = 214 - 20 * grow
            draw.ellipse(
                (x - 26 * grow, y - 14 * grow, x + 30 * grow, y + 16 * grow),
                fill=(tone, tone - 14, tone - 40),
            )
        draw.line((x, y, x + rng.randint(-20, 20), y + rng.randint(150, 420)), fill=(168, 152, 122), width=9)
    draw.ellipse((260, 600, 720, 690), fill=(176, 186, 190))


def _parking(draw: Draw, rng: random.Random) -> None:
    for i in range(rng.randint(3, 5)):
        x, y = 40 + i * 190 + rng.randint(-20, 20), rng.randint(470, 530)
        paint = _shade(rng.choice(((220, 220, 222), (40, 42, 48), (150, 30, 34), (60, 84, 130))), rng)
        draw.rounded_rectangle((x, y, x + 176, y + 66), 18, fill=paint)
        draw.rounded_rectangle((x + 30, y - 44, x + 140, y + 10), 16, fill=paint)
        draw.rectangle((x + 42, y - 32, x + 128, y + 2), fill=(92, 110, 122))
        for wheel in (x + 32, x + 128):
            draw.ellipse((wheel - 20, y + 46, wheel + 20, y + 86), fill=(24, 24, 26))


def _lamp(draw: Draw, rng: random.Random) -> None:
    for x in (180, 480, 780):
        draw.rectangle((x, 120, x + 10, 560), fill=(84, 88, 92))
        draw.rectangle((x - 60, 118, x + 10, 128), fill=(84, 88, 92))
        if happens(rng, 0.3):
            draw.ellipse((x - 82, 112, x - 40, 140), fill=(250, 226, 150))
    draw.arc((-100, 60, 700, 360), 10, 170, fill=(20, 20, 22), width=5)


def _stall(draw: Draw, rng: random.Random) -> None:
    for x in range(60, 860, 210):
        hue = _shade(rng.choice(((196, 44, 40), (36, 110, 170), (220, 160, 40))), rng)
        draw.polygon([(x, 380), (x + 170, 380), (x + 150, 320), (x + 20, 320)], fill=hue)
        draw.rectangle((x + 8, 380, x + 14, 540), fill=(90, 90, 90))
        draw.rectangle((x + 156, 380, x + 162, 540), fill=(90, 90, 90))
        draw.rectangle((x + 4, 470, x + 166, 540), fill=_shade((170, 130, 90), rng))
        for i in range(6):
            draw.ellipse((x + 10 + i * 25, 446, x + 34 + i * 25, 474), fill=_shade((210, 120, 40), rng, 40))


def _building(draw: Draw, rng: random.Random) -> None:
    draw.rectangle((240, 150, 720, 520), fill=_shade((190, 176, 150), rng))
    for x in range(260, 720, 46):
        draw.line((x, 60, x, 200), fill=(120, 60, 40), width=6)
    draw.rectangle((230, 60, 730, 100), fill=_shade((70, 120, 170), rng))
    crack = [(420, 160)]
    while crack[-1][1] < SIZE[1] - 220:
        crack.append((crack[-1][0] + rng.randint(-30, 36), crack[-1][1] + rng.randint(16, 40)))
    draw.line(crack, fill=(50, 44, 40), width=5)


def _smoke(draw: Draw, rng: random.Random) -> None:
    draw.rectangle((420, 260, 470, 460), fill=(120, 120, 124))
    for i in range(26):
        x, y, size = 440 + rng.randint(-60, 40) + i * 9, 270 - i * 9, 40 + i * 5
        tone = 200 - i * 2
        draw.ellipse((x - size, y - size // 2, x + size, y + size // 2), fill=(tone, tone, tone - 6))


def _fire(draw: Draw, rng: random.Random) -> None:
    _parking(draw, rng)
    for _ in range(6):
        x = rng.randint(60, 860)
        draw.line((x, 60, x + rng.randint(-120, 120), 500), fill=_shade((200, 60, 40), rng), width=4)
    draw.rectangle((60, 300, 150, 440), fill=(176, 26, 26))
    draw.rectangle((74, 320, 136, 424), fill=(210, 210, 206))


def _site(draw: Draw, rng: random.Random) -> None:
    draw.rectangle((620, 30, 640, 440), fill=(214, 170, 30))
    draw.rectangle((300, 60, 900, 78), fill=(214, 170, 30))
    draw.line((400, 78, 400, 260), fill=(60, 60, 60), width=3)
    for x in range(0, SIZE[0], 120):
        draw.rectangle((x, 360, x + 116, 470), fill=_shade((40, 104, 70), rng))
    draw.ellipse((560, 10, 700, 110), fill=(250, 244, 206))


def _green(draw: Draw, rng: random.Random) -> None:
    draw.rectangle((0, 430, *SIZE), fill=_shade((96, 134, 76), rng))
    for x in (140, 760):
        draw.rectangle((x, 260, x + 26, 470), fill=(98, 74, 50))
        for _ in range(12):
            a, b = x + rng.randint(-110, 90), rng.randint(110, 300)
            draw.ellipse((a, b, a + 110, b + 90), fill=_shade((62, 112, 58), rng))
    draw.line((360, 240, 330, 600), fill=(120, 60, 50), width=10)
    draw.line((600, 240, 630, 600), fill=(120, 60, 50), width=10)
    draw.line((350, 244, 610, 244), fill=(120, 60, 50), width=10)
    draw.line((430, 250, 430, 500), fill=(60, 60, 60), width=3)
    draw.rectangle((400, 500, 480, 514), fill=(160, 120, 60))


def _tree(draw: Draw, rng: random.Random) -> None:
    draw.line((300, 560, 700, 330), fill=(92, 70, 48), width=34)
    for _ in range(22):
        a, b = rng.randint(520, 860), rng.randint(180, 460)
        draw.ellipse((a, b, a + 96, b + 74), fill=_shade((66, 110, 60), rng))


DRAWN = {
    "rubbish": _rubbish,
    "pothole": _pothole,
    "leak": _leak,
    "parking": _parking,
    "lamp": _lamp,
    "stall": _stall,
    "building": _building,
    "smoke": _smoke,
    "noise": _site,
    "fire": _fire,
    "site": _site,
    "green": _green,
    "tree": _tree,
}
