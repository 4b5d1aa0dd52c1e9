#!/usr/bin/env python3
"""Writes tests/blocks/picture_changes_reference.json: what torchvision's functionals make of one picture of bytes.

Run with torchvision 0.26: python3 -P tests/reference/picture_changes.py > tests/blocks/picture_changes_reference.json
"""
import json
import sys

import numpy as np
import torch
from torchvision.transforms import InterpolationMode, functional as F

HEIGHT, WIDTH = 13, 18
random = np.random.default_rng(3)
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
pixels = np.stack([127 + 110 * np.sin(x / (2.0 + c) + c) * np.cos(y / (2.5 + c)) for c in range(3)])
picture = torch.from_numpy(np.clip(pixels + random.normal(0, 10, pixels.shape), 0, 255).astype(np.uint8))

cases = []


def add(change, arguments, result):
    cases.append({"change": change, "arguments": arguments, "pixels": result.flatten().tolist()})


def affine(angle=0.0, right=0, down=0, scale=1.0, shear_x=0.0, shear_y=0.0, corner=False, smooth=True, fill=0.0):
    mode = InterpolationMode.BILINEAR if smooth else InterpolationMode.NEAREST
    # With a fill, torchvision weighs what is at the border twice with how much of the picture is there (in 0.26); so it
    # is put together here: what it makes of the picture on black, and the fill where it says that nothing is.
    numbers = torch.cat([picture.float(), torch.ones(1, HEIGHT, WIDTH)])
    made = F.affine(numbers, angle, [right, down], scale, [shear_x, shear_y], mode, center=[0, 0] if corner else None)
    result = (made[:3] + (1 - made[3:]) * fill).round().to(torch.uint8)
    add("affine", [angle, right, down, scale, shear_x, shear_y, int(corner), int(smooth), fill], result)


affine(angle=30)
affine(angle=-75, smooth=False)
affine(right=3, down=-2)
affine(scale=1.7)
affine(scale=0.6, fill=90.0)
affine(shear_x=20)
affine(shear_y=-25, corner=True, smooth=False)
affine(angle=12, right=2, down=1, scale=1.2, shear_x=8, fill=255.0)
for top, left, height, width in ((2, 3, 8, 9), (0, 0, 13, 5), (5, 10, 1, 1), (4, 0, 9, 18)):
    add("crop", [top, left, height, width], F.resized_crop(picture, top, left, height, width, [HEIGHT, WIDTH], antialias=True))
for factor in (0.0, 0.5, 1.0, 1.8):
    add("brightness", [factor], F.adjust_brightness(picture, factor))
    add("contrast", [factor], F.adjust_contrast(picture, factor))
    add("saturation", [factor], F.adjust_saturation(picture, factor))
    add("sharpness", [factor], F.adjust_sharpness(picture, factor))
for turn in (-0.5, -0.13, 0.2, 0.37):
    add("hue", [turn], F.adjust_hue(picture, turn))
for bits in (4, 6, 8):
    add("posterize", [bits], F.posterize(picture, bits))
for threshold in (0, 100, 256):
    add("solarize", [threshold], F.solarize(picture, threshold) if threshold < 256 else picture)
add("autocontrast", [], F.autocontrast(picture))
add("equalize", [], F.equalize(picture))
add("erase", [3, 4, 5, 6, 9], F.erase(picture, 3, 4, 5, 6, torch.tensor(9)))

json.dump({"height": HEIGHT, "width": WIDTH, "picture": picture.flatten().tolist(), "cases": cases}, sys.stdout)
print()
