"""Pictures for the gallery: small scenes that are drawn, so that nobody's photograph is shipped."""
# ruff: noqa: E501 - these are tables of content, one thing on a line

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Scene:
    """A drawn picture: what is on it and how large it is."""

    name: str
    width: int
    height: int
    draw: Callable[[Image.Image, random.Random], None]


def paint(scene: Scene, folder: Path) -> tuple[str, str]:
    """Write a scene as JPEG; return its file name and the colour it has on the whole."""
    chance = random.Random(scene.name)
    image = Image.new("RGB", (scene.width, scene.height))
    scene.draw(image, chance)
    noise = Image.effect_noise(image.size, 18).convert("RGB")
    image = Image.blend(image.filter(ImageFilter.GaussianBlur(0.8)), noise, 0.05)
    name = f"{scene.name}.jpg"
    image.save(folder / name, quality=82)
    red, green, blue = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return name, f"#{red:02x}{green:02x}{blue:02x}"


def sky(image: Image.Image, top: Colour, low: Colour) -> None:
    draw = ImageDraw.Draw(image)
    for y in range(image.height):
        part = y / image.height
        colour = tuple(round(a + (b - a) * part) for a, b in zip(top, low, strict=True))
        draw.line([(0, y), (image.width, y)], fill=colour)


def hills(top: Colour, low: Colour, near: Colour) -> Callable[[Image.Image, random.Random], None]:
    def draw(image: Image.Image, chance: random.Random) -> None:
        sky(image, top, low)
        pen = ImageDraw.Draw(image)
        width, height = image.size
        for layer in range(5):
            share = (layer + 1) / 5
            colour = tuple(round(a + (b - a) * share) for a, b in zip(low, near, strict=True))
            waves = [
                (chance.uniform(1, 5), chance.uniform(0, 7), chance.uniform(8, 34))
                for _ in range(4)
            ]
            base = height * (0.42 + 0.12 * layer)
            line = [
                (x, base + sum(math.sin(x / width * f * 3 + p) * a for f, p, a in waves))
                for x in range(0, width + 8, 8)
            ]
            pen.polygon([*line, (width, height), (0, height)], fill=colour)

    return draw


def sea(
    top: Colour, low: Colour, water: Colour, sun: Colour
) -> Callable[[Image.Image, random.Random], None]:
    def draw(image: Image.Image, chance: random.Random) -> None:
        sky(image, top, low)
        pen = ImageDraw.Draw(image)
        width, height = image.size
        horizon = round(height * 0.58)
        x, r = round(width * chance.uniform(0.3, 0.7)), width // 11
        pen.ellipse([x - r, horizon - 2 * r, x + r, horizon], fill=sun)
        pen.rectangle([0, horizon, width, height], fill=water)
        for _ in range(140):
            y = chance.randint(horizon, height)
            length = (y - horizon) / 3 + 12
            left = chance.uniform(0, width)
            shade = tuple(min(255, each + chance.randint(-14, 34)) for each in water)
            pen.line([(left, y), (left + length, y)], fill=shade, width=2)
        for y in range(horizon + 6, height, 13):
            half = r * (0.4 + chance.random())
            pen.line([(x - half, y), (x + half, y)], fill=sun, width=3)

    return draw


def table(
    wall: Colour, wood: Colour, fruits: tuple[Colour, ...]
) -> Callable[[Image.Image, random.Random], None]:
    def draw(image: Image.Image, chance: random.Random) -> None:
        width, height = image.size
        pen = ImageDraw.Draw(image)
        pen.rectangle([0, 0, width, height], fill=wall)
        light = tuple(min(255, each + 26) for each in wall)
        pen.polygon([(0, 0), (width * 0.6, 0), (width * 0.25, height), (0, height)], fill=light)
        edge = round(height * 0.66)
        pen.rectangle([0, edge, width, height], fill=wood)
        for y in range(edge, height, 21):
            dark = tuple(each - chance.randint(4, 18) for each in wood)
            pen.line([(0, y), (width, y + chance.randint(-6, 6))], fill=dark, width=2)
        size = width // 6
        for index, colour in enumerate(fruits):
            x = width * (0.22 + 0.56 * index / max(1, len(fruits) - 1))
            y = edge + chance.randint(-10, 40)
            shadow = tuple(max(0, each - 50) for each in wood)
            pen.ellipse([x - size, y + size * 0.5, x + size * 1.5, y + size * 1.1], fill=shadow)
            pen.ellipse([x - size, y - size, x + size, y + size], fill=colour)
            shine = tuple(min(255, each + 60) for each in colour)
            pen.ellipse(
                [x - size * 0.5, y - size * 0.6, x - size * 0.1, y - size * 0.2], fill=shine
            )

    return draw


def street(
    night: Colour, house: Colour, lamp: Colour
) -> Callable[[Image.Image, random.Random], None]:
    def draw(image: Image.Image, chance: random.Random) -> None:
        width, height = image.size
        sky(image, night, tuple(min(255, each + 40) for each in night))
        pen = ImageDraw.Draw(image)
        x = 0
        while x < width:
            wide = chance.randint(width // 7, width // 4)
            top = chance.randint(height // 6, height // 2)
            tone = tuple(max(0, each + chance.randint(-16, 16)) for each in house)
            pen.rectangle([x, top, x + wide, height], fill=tone)
            for row in range(top + 24, height - 60, 58):
                for column in range(x + 16, x + wide - 30, 46):
                    lit = lamp if chance.random() < 0.35 else tuple(each // 2 for each in house)
                    pen.rectangle([column, row, column + 22, row + 34], fill=lit)
            x += wide + 4

    return draw


def leaves(ground: Colour, leaf: Colour) -> Callable[[Image.Image, random.Random], None]:
    def draw(image: Image.Image, chance: random.Random) -> None:
        width, height = image.size
        ImageDraw.Draw(image).rectangle([0, 0, width, height], fill=ground)
        for _ in range(160):
            long, wide = chance.randint(90, 260), chance.randint(30, 70)
            light = chance.randint(-34, 44)
            tone = tuple(max(0, min(255, each + light)) for each in leaf)
            one = Image.new("RGBA", (long, wide))
            pen = ImageDraw.Draw(one)
            pen.ellipse([0, 0, long - 1, wide - 1], fill=(*tone, 255))
            pen.line([(0, wide // 2), (long, wide // 2)], fill=(*ground, 255), width=2)
            one = one.rotate(chance.uniform(0, 360), expand=True, resample=Image.Resampling.BICUBIC)
            place = (chance.randint(-80, width), chance.randint(-80, height))
            image.paste(one, place, one)

    return draw


SCENES = (
    Scene("dawn", 960, 1280, hills((226, 196, 178), (240, 222, 196), (58, 74, 72))),
    Scene("harbour", 1280, 960, sea((118, 158, 190), (236, 206, 170), (62, 92, 112), (250, 226, 180))),
    Scene("persimmons", 1000, 1000, table((214, 204, 188), (128, 92, 66), ((214, 110, 40), (226, 132, 52), (198, 92, 36)))),
    Scene("alley", 900, 1350, street((36, 40, 62), (74, 62, 60), (246, 206, 128))),
    Scene("ferns", 960, 1200, leaves((28, 44, 36), (74, 116, 76))),
    Scene("dusk", 1200, 900, sea((74, 66, 104), (222, 142, 118), (70, 66, 92), (252, 188, 136))),
    Scene("plums", 960, 1280, table((196, 206, 204), (92, 72, 62), ((92, 52, 84), (110, 62, 92)))),
    Scene("ridge", 1400, 900, hills((150, 178, 196), (214, 220, 216), (46, 66, 84))),
    Scene("maple", 1000, 1250, leaves((66, 30, 26), (178, 72, 44))),
    Scene("tower", 800, 2000, street((150, 164, 184), (108, 98, 92), (238, 224, 190))),
    Scene("lemons", 1000, 760, table((232, 224, 206), (160, 124, 88), ((232, 196, 62), (240, 210, 84), (226, 184, 52), (236, 204, 70)))),
    Scene("mist", 960, 1280, hills((206, 206, 204), (230, 228, 222), (92, 102, 100))),
)  # fmt: skip

FACES = (
    Scene("mei", 200, 200, leaves((190, 120, 96), (232, 190, 160))),
    Scene("anna", 200, 200, hills((70, 110, 140), (190, 200, 190), (30, 50, 60))),
    Scene("jonas", 200, 200, table((120, 150, 130), (60, 70, 60), ((220, 190, 90),))),
    Scene(
        "xiaoyu", 200, 200, sea((200, 170, 190), (240, 210, 200), (120, 100, 130), (255, 240, 220))
    ),
)
