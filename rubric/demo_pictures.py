"""Pictures for the demo, drawn here, so that nobody's photograph is shipped."""

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Scene = Callable[[Image.Image, random.Random], None]


def painted(scene: str, seed: int = 0) -> bytes:
    """Draw one of SCENES as JPEG; the same seed draws the same picture."""
    chance = random.Random(f"{scene} {seed}")  # noqa: S311  a drawing, no secret
    size = chance.choice([(1080, 1440), (1200, 1200), (1440, 1080)])
    image = Image.new("RGB", size)
    SCENES[scene](image, chance)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    grain = Image.effect_noise(size, 20).convert("RGB")
    buffer = io.BytesIO()
    Image.blend(image, grain, 0.06).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _fade(image: Image.Image, top: Colour, bottom: Colour) -> None:
    column = Image.new("RGB", (1, image.height))
    for y in range(image.height):
        part = y / image.height
        column.putpixel((0, y), _mixed(top, bottom, part))
    image.paste(column.resize(image.size))


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _hills(image: Image.Image, chance: random.Random) -> None:
    _fade(image, (246, 212, 178), (232, 150, 120))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    x, y = chance.uniform(0.2, 0.8) * width, height * 0.28
    draw.ellipse((x - 90, y - 90, x + 90, y + 90), fill=(255, 243, 214))
    for layer in range(5):
        part = layer / 4
        colour = _mixed((150, 120, 130), (38, 52, 58), part)
        start, swing = chance.uniform(0, 9), chance.uniform(0.03, 0.09) * height
        base = height * (0.42 + 0.13 * layer)
        line = [
            (x, base + swing * math.sin(start + x / width * (3 + layer * 2)))
            for x in range(0, width + 20, 20)
        ]
        draw.polygon([*line, (width, height), (0, height)], fill=colour)


def _tea(image: Image.Image, chance: random.Random) -> None:
    _fade(image, (196, 160, 122), (118, 84, 60))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for _ in range(40):
        y = chance.uniform(0, height)
        draw.line((0, y, width, y + chance.uniform(-14, 14)), fill=(150, 112, 82), width=2)
    x, y, radius = width * 0.5, height * 0.54, min(width, height) * 0.33
    draw.ellipse(
        (x - radius * 1.3, y - radius * 1.3, x + radius * 1.3, y + radius * 1.3),
        fill=(236, 228, 214),
    )
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(250, 246, 238))
    inner = radius * 0.86
    draw.ellipse((x - inner, y - inner, x + inner, y + inner), fill=(146, 82, 34))
    draw.ellipse(
        (x - inner * 0.7, y - inner * 0.8, x + inner * 0.1, y - inner * 0.2), fill=(186, 118, 58)
    )


def _street(image: Image.Image, chance: random.Random) -> None:
    _fade(image, (28, 34, 58), (78, 58, 82))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    x = 0.0
    while x < width:
        wide, tall = chance.uniform(90, 190), chance.uniform(0.35, 0.75) * height
        draw.rectangle(
            (x, height - tall, x + wide - 6, height),
            fill=_mixed((34, 32, 48), (60, 50, 66), chance.random()),
        )
        for wx in range(int(x) + 14, int(x + wide) - 26, 30):
            for wy in range(int(height - tall) + 18, height - 60, 44):
                if chance.random() < 0.55:
                    lamp = _mixed((250, 196, 110), (240, 120, 90), chance.random())
                    draw.rectangle((wx, wy, wx + 14, wy + 22), fill=lamp)
        x += wide
    for _ in range(5):
        lx, ly = chance.uniform(0.1, 0.9) * width, chance.uniform(0.45, 0.8) * height
        draw.ellipse((lx - 34, ly - 42, lx + 34, ly + 42), fill=(206, 52, 40))


def _leaves(image: Image.Image, chance: random.Random) -> None:
    _fade(image, (222, 232, 204), (150, 178, 140))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for _ in range(70):
        x, y = chance.uniform(0, width), chance.uniform(0, height)
        long, angle = chance.uniform(80, 220), chance.uniform(0, math.tau)
        tip = (x + long * math.cos(angle), y + long * math.sin(angle))
        side = (math.cos(angle + 1.57) * long * 0.18, math.sin(angle + 1.57) * long * 0.18)
        middle = ((x + tip[0]) / 2, (y + tip[1]) / 2)
        shape = [
            (x, y),
            (middle[0] + side[0], middle[1] + side[1]),
            tip,
            (middle[0] - side[0], middle[1] - side[1]),
        ]
        draw.polygon(shape, fill=_mixed((60, 110, 70), (150, 180, 90), chance.random()))
        draw.line((x, y, *tip), fill=(44, 84, 54), width=3)


def _bread(image: Image.Image, chance: random.Random) -> None:
    _fade(image, (240, 232, 220), (206, 190, 168))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for number in range(3):
        x, y = width * (0.28 + 0.22 * number), height * (0.42 + 0.1 * (number % 2))
        wide, tall = width * 0.17, height * 0.14
        draw.ellipse((x - wide, y - tall + 18, x + wide, y + tall + 26), fill=(172, 150, 124))
        draw.ellipse(
            (x - wide, y - tall, x + wide, y + tall),
            fill=_mixed((196, 132, 66), (168, 98, 42), chance.random()),
        )
        for cut in (-0.45, 0.0, 0.45):
            cx = x + cut * wide
            draw.line(
                (cx - 30, y - tall * 0.5, cx + 30, y + tall * 0.3), fill=(238, 210, 164), width=13
            )


def _sea(image: Image.Image, chance: random.Random) -> None:
    _fade(image, (176, 206, 222), (240, 226, 206))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for row in range(46):
        y = height * 0.46 + row * height * 0.0118
        colour = _mixed((74, 128, 146), (22, 66, 92), row / 46)
        draw.rectangle((0, y, width, y + height * 0.014), fill=colour)
        for _ in range(7):
            x, long = chance.uniform(0, width), chance.uniform(20, 130)
            draw.line((x, y, x + long, y), fill=_mixed(colour, (255, 250, 240), 0.35), width=2)
    x = chance.uniform(0.3, 0.7) * width
    y = height * 0.5
    draw.polygon([(x, y - 190), (x, y), (x + 120, y)], fill=(250, 244, 232))
    draw.polygon(
        [(x - 90, y + 6), (x + 140, y + 6), (x + 100, y + 42), (x - 60, y + 42)], fill=(163, 33, 27)
    )


SCENES: dict[str, Scene] = {
    "hills": _hills,
    "tea": _tea,
    "street": _street,
    "leaves": _leaves,
    "bread": _bread,
    "sea": _sea,
}
