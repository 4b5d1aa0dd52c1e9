#!/usr/bin/env python3
"""Writes tests/blocks/signals_reference.json: spectra as SciPy's periodogram and standardized windows as NumPy give them.

Run with SciPy 1.17 and NumPy 2.4: python3 tests/reference/signals.py > tests/blocks/signals_reference.json
"""
import json

import numpy as np
from scipy.signal import periodogram

rng = np.random.default_rng(3)


def spectrum(samples, params, window="hann", detrend="constant", scale=lambda p: 10 * np.log10(np.maximum(p, 1e-10))):
    x = np.round((rng.normal(size=(2, 3, samples)) + np.sin(np.arange(samples))) * 64) / 64
    power = periodogram(x, window=window, detrend=detrend)[1]
    return {"params": params, "x": x.tolist(), "y": scale(power).tolist()}


x = np.round(rng.normal(2, 3, size=(5, 4, 3)) * 64) / 64
print(json.dumps({
    "spectrum": [
        spectrum(16, {}),
        spectrum(15, {}),
        spectrum(16, {"scale": "power"}, scale=lambda p: p),
        spectrum(9, {"scale": "amplitude", "taper": "none"}, window="boxcar", scale=np.sqrt),
        spectrum(8, {"scale": "power", "remove_mean": False}, detrend=False, scale=lambda p: p),
        spectrum(1, {"scale": "power", "taper": "none", "remove_mean": False}, window="boxcar", detrend=False, scale=lambda p: p),
    ],
    "standardize": {"x": x.tolist(),
                    **{each: ((x - x.mean(axes)) / x.std(axes)).tolist() for each, axes in (("last", (0, 1)), ("place", 0))},
                    "first": ((x - x.mean((0, 2))[:, None]) / x.std((0, 2))[:, None]).tolist()},
}))
