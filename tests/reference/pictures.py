#!/usr/bin/env python3
"""Small pictures of every format that is read, and what Pillow and torchvision make of them.

Writes tests/data/samples/pictures/* and tests/data/pictures_reference.json.
  pip install pillow numpy torch torchvision;  python3 -P tests/reference/pictures.py"""
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision.transforms import functional as F

TESTS = Path(__file__).resolve().parent.parent
FOLDER = TESTS / "data" / "samples" / "pictures"
WIDTH, HEIGHT = 21, 14


def content(channels, width=WIDTH, height=HEIGHT, seed=1):
    """Soft colors with some noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 100 * np.sin(x / (4.0 + c) + c) * np.cos(y / (3.0 + c)) + random.normal(0, 12, (height, width))
              for c in range(channels)]
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


def picture(mode, **size):
    if mode == "P":
        return Image.fromarray(content(3, **size)).quantize(40)
    if mode == "1":
        return Image.fromarray(content(1, **size)[..., 0]).convert("1")
    if mode == "I;16":
        wide = content(1, **size)[..., 0].astype(np.uint16) * 256 + 77
        return Image.fromarray(wide)
    channels = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}[mode]
    pixels = content(channels, **size)
    return Image.fromarray(pixels[..., 0] if channels == 1 else pixels, mode)


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def hexed(array):
    return np.ascontiguousarray(array, dtype=np.uint8).tobytes().hex()


def decoded(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode.startswith("I;16"):
        grey = (np.asarray(image) >> 8).astype(np.uint8)
        return grey, np.stack([grey] * 3, -1)
    return np.asarray(image.convert("RGB").convert("L") if image.mode in ("P", "CMYK") else image.convert("L")), \
        np.asarray(image.convert("RGB"))


def files():
    """Name, picture, options of Pillow, how far a value may be off."""
    for mode in ("L", "LA", "RGB", "RGBA", "P", "1", "I;16"):
        yield f"{mode.replace(';', '')}.png", picture(mode), {}, 0
    yield "transparent.png", picture("P"), {"transparency": 3}, 0
    yield "turned.png", picture("RGB"), {"exif": turned(6)}, 0
    yield "full.jpg", picture("RGB"), {"quality": 90, "subsampling": 0}, 2
    yield "half.jpg", picture("RGB"), {"quality": 80, "subsampling": 2}, 3
    yield "progressive.jpg", picture("RGB"), {"quality": 80, "progressive": True}, 3
    yield "grey.jpg", picture("L"), {"quality": 85}, 1
    yield "cmyk.jpg", picture("CMYK"), {"quality": 95}, 3
    for orientation in range(1, 9):
        yield f"turned{orientation}.jpg", picture("RGB"), {"quality": 70, "exif": turned(orientation)}, 3
    for mode in ("L", "RGB", "RGBA", "P", "1"):
        yield f"{mode}.bmp", picture(mode), {}, 0
    for mode in ("L", "LA", "RGB", "RGBA", "P", "1", "I;16"):
        yield f"{mode.replace(';', '')}.tif", picture(mode), {}, 0
    yield "cmyk.tif", picture("CMYK"), {}, 1
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
        yield f"{compression}.tif", picture("RGB"), {"compression": compression}, 0
    yield "jpeg.tif", picture("RGB"), {"compression": "jpeg", "quality": 90}, 4
    yield "group4.tif", picture("1"), {"compression": "group4"}, 0
    yield "turned.tif", picture("RGB"), {"tiffinfo": {0x0112: 5}}, 0
    yield "exact.webp", picture("RGB"), {"lossless": True}, 0
    yield "alpha.webp", picture("RGBA"), {"lossless": True, "exact": True}, 0
    yield "lossy.webp", picture("RGB"), {"quality": 80}, 2
    yield "turned.webp", picture("RGB"), {"lossless": True, "exif": turned(8)}, 0


def all_filters(path, mode, pixels):
    """A PNG file whose rows use one filter after the other (PNG specification, 9.2), its data in three chunks."""
    height, width, samples = pixels.shape
    above, rows = np.zeros((width, samples), int), b""
    for y in range(height):
        row = pixels[y].astype(int)
        left = np.vstack([np.zeros((1, samples), int), row[:-1]])
        corner = np.vstack([np.zeros((1, samples), int), above[:-1]])
        guess = left + above - corner
        off = [np.abs(guess - which) for which in (left, above, corner)]
        paeth = np.where((off[0] <= off[1]) & (off[0] <= off[2]), left, np.where(off[1] <= off[2], above, corner))
        predicted = [np.zeros_like(row), left, above, (left + above) // 2, paeth][y % 5]
        rows += bytes([y % 5]) + ((row - predicted) % 256).astype(np.uint8).tobytes()
        above = row
    packed = zlib.compress(rows)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    third = len(packed) // 3
    pieces = [packed[:third], packed[third:2 * third], packed[2 * third:]]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, mode, 0, 0, 0)) +
                     b"".join(chunk(b"IDAT", piece) for piece in pieces) + chunk(b"IEND", b""))


def fits():
    """One picture at several sizes, as Pillow and torchvision bring it there."""
    path = FOLDER / "scene.png"
    picture("RGB", width=64, height=45, seed=5).save(path)
    image = Image.open(path)
    tensor = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)
    out = []

    def add(fit, smoothing, height, width, pixels, by):
        out.append({"fit": fit, "smoothing": smoothing, "height": height, "width": width, "by": by,
                    "rgb": hexed(np.asarray(pixels))})

    for smoothing in ("bilinear", "bicubic"):
        way = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}[smoothing]
        for height, width in ((16, 16), (7, 31), (24, 90)):
            add("stretch", smoothing, height, width, image.resize((width, height), way), "Pillow")
            mode = F.InterpolationMode(smoothing)
            scaled = F.resize(tensor, [height, width], mode, antialias=True)
            add("stretch", smoothing, height, width, scaled.permute(1, 2, 0).numpy(), "torchvision")
        for size in (16, 30, 50):
            mode = F.InterpolationMode(smoothing)
            cut = F.center_crop(F.resize(image, size, mode), [size, size])
            add("crop", smoothing, size, size, cut, "torchvision")
        for height, width in ((20, 20), (13, 40), (50, 30)):
            add("pad", smoothing, height, width, ImageOps.pad(image, (width, height), way, color=(0, 0, 0)), "Pillow")
    return out


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    pictures = []

    def add(name, path, off):
        grey, rgb = decoded(path)
        pictures.append({"file": name, "off": off, "height": int(rgb.shape[0]), "width": int(rgb.shape[1]),
                         "grey": hexed(grey), "rgb": hexed(rgb)})

    for name, image, options, off in files():
        path = FOLDER / name
        if name == "P.bmp" or not options:
            image.save(path)
        else:
            image.save(path, **options)
        add(name, path, off)
    for name, mode, channels in (("filters1.png", 0, 1), ("filters2.png", 4, 2), ("filters3.png", 2, 3),
                                 ("filters4.png", 6, 4)):
        all_filters(FOLDER / name, mode, content(channels))
        add(name, FOLDER / name, 0)
    large = Image.fromarray(content(3, width=400, height=300, seed=9)).resize((400, 300), Image.BICUBIC)
    soft = large.resize((50, 38), Image.BILINEAR).resize((400, 300), Image.BICUBIC)
    soft.save(FOLDER / "large.jpg", quality=75)
    reduced = np.asarray(Image.open(FOLDER / "large.jpg").resize((40, 30), Image.BILINEAR))
    reference = {"pictures": pictures, "fits": fits(), "large": hexed(reduced)}
    with open(TESTS / "data" / "pictures_reference.json", "w", encoding="utf-8") as file:
        json.dump(reference, file, indent=0)
        file.write("\n")


if __name__ == "__main__":
    main()
