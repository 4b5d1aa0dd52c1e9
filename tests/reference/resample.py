#!/usr/bin/env python3
"""Writes tests/data/resample_reference.json: what scipy.signal.resample_poly makes of a sound at other sampling rates.

Run with SciPy 1.17 and NumPy 2.4: python3 tests/reference/resample.py > tests/data/resample_reference.json
"""
import json

import numpy as np
from scipy.signal import resample_poly

COUNT = 700
i = np.arange(COUNT)
# The same as soundOf() in tests/data/resample.cpp.
sound = (0.6 * np.sin(0.05 * i) + 0.3 * np.sin(2.1 * i + 1)).astype(np.float32).astype(np.float64)
out = []
for before, after in [(44100, 16000), (48000, 16000), (8000, 16000), (22050, 16000), (11025, 44100), (44100, 48000), (7, 5), (16000, 1)]:
    samples = resample_poly(sound, after, before)
    picks = sorted(set(range(0, len(samples), 13)) | {0, 1, len(samples) - 1})
    picks = [p for p in picks if p < len(samples)]
    out.append({"from": before, "to": after, "samples": len(samples), "at": picks, "values": [float(samples[p]) for p in picks]})
print(json.dumps(out))
