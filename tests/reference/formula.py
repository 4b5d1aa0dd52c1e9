#!/usr/bin/env python3
"""Writes tests/blocks/formula_reference.json: what pandas and NumPy give for formulas over a table with missing cells.

Run with pandas 2.3 or later: python3 tests/reference/formula.py > tests/blocks/formula_reference.json
A formula of ours stands beside the Python that says the same. Missing values are null.
"""
import json

import numpy as np
import pandas as pd

rng = np.random.default_rng(11)
ROWS = 60


def holes(values):
    out = np.array(values, dtype=object)
    out[rng.random(len(out)) < 0.15] = None
    return list(out)


a = pd.Series(holes(rng.normal(0, 3, ROWS).round(3)), dtype=float)
b = pd.Series(holes(rng.integers(-2, 3, ROWS).astype(float)), dtype=float)
word = pd.Series(holes(rng.choice(["ant", "bee", "12.5", ""], ROWS)), dtype=object).replace("", None)
when = pd.to_datetime(pd.Series(holes([str(t) for t in pd.Timestamp("1969-11-30T22:10:05") + pd.to_timedelta(rng.integers(0, 4 * 10**9, ROWS), unit="s")])))


def three(truth, *missing):
    """Truth as a number that is missing where one of the columns is."""
    out = truth.astype(float)
    for column in missing:
        out[column.isna()] = np.nan
    return out


def finite(values):
    return values.where(np.isfinite(values))


with np.errstate(all="ignore"):
    cases = [
        ("a + b * 2 - -a / 4", a + b * 2 - -a / 4),
        ("a / b", finite(a / b)),
        ("-b ^ 2", -(b ** 2)),
        ("2 ^ b ^ 2", 2 ** (b ** 2)),
        ("log(a)", finite(np.log(a))),
        ("sqrt(a) + abs(b)", np.sqrt(a) + b.abs()),
        ("exp(a * 1000)", finite(np.exp(a * 1000))),
        ("round(a * 2.5)", (a * 2.5).round()),
        ("round(a, 1)", a.round(1)),
        ("floor(a) + ceil(a)", np.floor(a) + np.ceil(a)),
        ("min(a, b, 1)", pd.concat([a, b, pd.Series(1.0, a.index)], axis=1).min(axis=1, skipna=False)),
        ("max(a, b)", pd.concat([a, b], axis=1).max(axis=1, skipna=False)),
        ("a < b", three(a < b, a, b)),
        ("a >= b and b != 0", ((a.astype("Float64") >= b.astype("Float64")) & (b.astype("Float64") != 0)).astype("Float64")),
        ("a < 0 or b > 0", ((a.astype("Float64") < 0) | (b.astype("Float64") > 0)).astype("Float64")),
        ("not b in (1, 2)", three(~b.isin([1, 2]), b)),
        ("if(a > 0, b, -a)", b.where(a > 0, -a).where(a.notna())),
        ("coalesce(a, b, 7)", a.fillna(b).fillna(7)),
        ("is_missing(a) + is_missing(word)", a.isna().astype(float) + word.isna()),
        ("word == \"bee\"", three(word == "bee", word)),
        ("word not in (\"ant\", 'bee')", three(~word.isin(["ant", "bee"]), word)),
        ("number(word)", pd.to_numeric(word, errors="coerce")),
        ("length(word)", word.str.len()),
        ("contains(word, \"e\")", three(word.str.contains("e", na=False), word)),
        ("starts_with(word, \"1\")", three(word.str.startswith("1", na=False), word)),
        ("year(when)", when.dt.year), ("month(when)", when.dt.month), ("day(when)", when.dt.day),
        ("weekday(when)", when.dt.dayofweek), ("day_of_year(when)", when.dt.dayofyear),
        ("hour(when)", when.dt.hour), ("minute(when)", when.dt.minute), ("second(when)", when.dt.second),
        ("weekend(when)", three(when.dt.dayofweek >= 5, when)),
        ("when > \"2020-05-17\"", three(when > "2020-05-17", when)),
        ("(when - \"2000-01-01T12:00:00\") / 86400", (when - pd.Timestamp("2000-01-01T12:00")).dt.total_seconds() / 86400),
    ]


def plain(values):
    return [None if pd.isna(v) else float(v) for v in values]


print(json.dumps({
    "a": plain(a), "b": plain(b), "word": [None if pd.isna(w) else w for w in word],
    "when": [None if pd.isna(t) else t.isoformat() for t in when],
    "cases": [{"formula": f, "value": plain(v)} for f, v in cases],
}))
