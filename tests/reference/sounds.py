#!/usr/bin/env python3
"""Writes sound files into tests/data/samples/sounds, and tests/data/sounds_reference.json with what soundfile reads there.

Run with soundfile 0.14, SciPy 1.17 and NumPy 2.4: python3 tests/reference/sounds.py > tests/data/sounds_reference.json
"""
import json
import os

import numpy as np
import soundfile
from scipy.io import wavfile

folder = os.path.join(os.path.dirname(__file__), "../data/samples/sounds")
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(5)
rate, count = 8000, 700
time = np.arange(count) / rate
left = 0.6 * np.sin(2 * np.pi * 440 * time) + 0.05 * rng.normal(size=count)
right = 0.3 * np.sin(2 * np.pi * 220 * time)
stereo = np.clip(np.stack([left, right], 1), -0.99, 0.99)
WANTED = [
    ("pcm16.wav", stereo, "PCM_16"), ("pcm8.wav", left, "PCM_U8"), ("pcm24.wav", stereo, "PCM_24"),
    ("pcm32.wav", left, "PCM_32"), ("float.wav", stereo * 3, "FLOAT"), ("ulaw.wav", left, "ULAW"),
    ("flac.flac", stereo, "PCM_16"), ("vorbis.ogg", stereo, "VORBIS"), ("opus.opus", left, "OPUS"),
    ("mpeg.mp3", left, "MPEG_LAYER_III"), ("aiff.aiff", stereo, "PCM_16"), ("au.au", left, "PCM_16"),
]
out = {}
for name, samples, kind in WANTED:
    path = os.path.join(folder, name)
    container = {"opus": "OGG"}.get(name.split(".")[1], name.split(".")[1].upper())
    soundfile.write(path, samples, rate, subtype=kind, format=container)
    read, at = soundfile.read(path, dtype="float32", always_2d=True)
    if name in ("pcm16.wav", "pcm32.wav", "float.wav"):  # two readers agree
        plain = wavfile.read(path)[1]
        scale = {"int16": 2.0**15, "int32": 2.0**31, "float32": 1.0}[str(plain.dtype)]
        assert np.abs(plain.reshape(len(read), -1) / scale - read).max() < 1e-7
    picks = sorted(set(range(0, len(read), 37)) | {len(read) - 1})
    out[name] = {"rate": at, "samples": len(read), "channels": read.shape[1],
                 "at": picks, "values": [[float(v) for v in read[i]] for i in picks]}
print(json.dumps(out))
