#!/usr/bin/env python3
"""Writes tests/data/profile_reference.json: what NumPy and SciPy say about numbers and about the penguins, for
tests/data/profile.cpp.   pip install numpy pandas scipy;  tests/reference/column_profiles.py PENGUINS.csv"""
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import contingency

random = np.random.default_rng(3)
numbers = np.round(random.normal(10, 3, 101), 4)
shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]


def eta(groups, values):
    keep = groups.notna() & values.notna()
    groups, values = groups[keep], values[keep]
    means = values.groupby(groups).transform("mean")
    return float(np.sqrt(((means - values.mean()) ** 2).sum() / ((values - values.mean()) ** 2).sum()))


birds = pd.read_csv(sys.argv[1])
quartiles = np.quantile(numbers, [0.25, 0.75])
reach = 1.5 * (quartiles[1] - quartiles[0])
out = {
    "numbers": numbers.tolist(),
    "quantiles": np.quantile(numbers, shares).tolist(),
    "outliers": int(((numbers < quartiles[0] - reach) | (numbers > quartiles[1] + reach)).sum()),
    "penguins": {
        "by species": {
            "island": float(contingency.association(pd.crosstab(birds.island, birds.species), method="cramer")),
            "sex": float(contingency.association(pd.crosstab(birds.sex, birds.species), method="cramer")),
            "bill_length_mm": eta(birds.species, birds.bill_length_mm),
            "year": eta(birds.species, birds.year),
        },
        "by body_mass_g": {
            "bill_length_mm": float(birds.bill_length_mm.corr(birds.body_mass_g)),
            "flipper_length_mm": float(birds.flipper_length_mm.corr(birds.body_mass_g)),
            "species": eta(birds.species, birds.body_mass_g),
        },
    },
}
path = Path(__file__).resolve().parent.parent / "data" / "profile_reference.json"
path.write_text(json.dumps(out, indent=1) + "\n")
