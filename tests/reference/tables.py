#!/usr/bin/env python3
"""Writes what the tests of readers compare with: tests/data/samples/* and tests/data/tables.json.

    python3 tests/reference/tables.py [FOLDER OF DATA SETS]     (numpy 2.4, pandas 3.1, pyarrow 26)

tables.json holds, for each column of the real data sets, what pandas reads: SHA-256 over its values, so that a test
can compare every cell although the data lie elsewhere. Numbers and times as little-endian doubles (missing: the quiet
NaN), texts as UTF-8 with a newline behind each (missing: empty)."""
import datetime
import decimal
import hashlib
import json
import os
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, "..", "data", "samples")
MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "?"]


def column_facts(series):
    missing = series.isna()
    facts = {"name": series.name, "missing": int(missing.sum())}
    if pd.api.types.is_numeric_dtype(series):
        facts["type"] = "number"
        values = series.to_numpy(dtype="<f8", na_value=np.nan)
    else:
        texts = series.astype(object).where(~missing, "").map(lambda t: str(t).strip(" "))
        if len(texts) and texts[~missing].str.match(r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?Z?)?$").all():
            facts["type"] = "time"
            seconds = pd.to_datetime(texts.where(~missing, None), utc=True, format="ISO8601")
            values = (seconds - pd.Timestamp(0, tz="UTC")).dt.total_seconds().to_numpy(dtype="<f8", na_value=np.nan)
        else:
            facts["type"] = "text"
            facts["sha256"] = hashlib.sha256("".join(t + "\n" for t in texts).encode()).hexdigest()
            return facts
    values = np.where(np.isnan(values), np.nan, values) + 0.0
    facts["sha256"] = hashlib.sha256(values.astype("<f8").tobytes()).hexdigest()
    return facts


def file_facts(root, path, **options):
    table = pd.read_csv(os.path.join(root, path), na_values=MISSING, keep_default_na=False, float_precision="round_trip",
                        low_memory=False, **options)
    table = table[[c for c in table.columns if not str(c).startswith("Unnamed")]]
    table.columns = [c if isinstance(c, str) else "column_%d" % (c + 1) for c in table.columns]
    return {"file": path, "rows": len(table), "columns": [column_facts(table[c]) for c in table.columns]}


def write_npy():
    index = np.arange(12).reshape(4, 3)
    for kind in ("<f2", "<f4", ">f4", "<f8", ">f8"):
        np.save(os.path.join(SAMPLES, kind.replace("<", "le_").replace(">", "be_")), (index * 0.5 - 3).astype(kind))
    for kind in ("i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8"):
        np.save(os.path.join(SAMPLES, kind.replace("<", "le_").replace(">", "be_")), (index - 3).astype(kind))
    for kind in ("u1", "<u2", ">u2", "<u4", "<u8"):
        np.save(os.path.join(SAMPLES, kind.replace("<", "le_").replace(">", "be_")), index.astype(kind))
    np.save(os.path.join(SAMPLES, "bool"), index % 2 == 1)
    np.save(os.path.join(SAMPLES, "fortran"), np.asfortranarray((np.arange(24).reshape(4, 2, 3) * 0.5 - 3).astype("<f4")))
    np.save(os.path.join(SAMPLES, "labels"), np.array([2, 0, 1, 2]))
    np.save(os.path.join(SAMPLES, "object"), np.array([1, "a", None], dtype=object), allow_pickle=True)
    np.save(os.path.join(SAMPLES, "fields"), np.zeros(3, dtype=[("a", "<f4"), ("b", "<i4")]))
    np.save(os.path.join(SAMPLES, "text"), np.array(["a", "bc"]))
    np.save(os.path.join(SAMPLES, "complex"), np.zeros(3, dtype="c8"))
    arrays = {"floats": (index * 0.5 - 3).astype("<f4"), "labels": np.array([[2], [0], [1], [2]], np.uint8),
              "grey": np.arange(24, dtype=np.uint8).reshape(4, 2, 3), "color": np.arange(72, dtype=np.uint8).reshape(4, 2, 3, 3),
              "folder/objects": np.array([1, "a"], dtype=object)}
    np.savez_compressed(os.path.join(SAMPLES, "deflated.npz"), **arrays)
    np.savez(os.path.join(SAMPLES, "stored.npz"), **arrays)
    np.savez(os.path.join(SAMPLES, "one.npz"), index)
    with open(os.path.join(SAMPLES, "version2.npy"), "wb") as f:
        np.lib.format.write_array(f, (index * 0.5 - 3).astype("<f4"), version=(2, 0))
    with open(os.path.join(SAMPLES, "version3.npy"), "wb") as f:
        np.lib.format.write_array(f, (index * 0.5 - 3).astype("<f4"), version=(3, 0))


def write_arrow():
    day = datetime.date(2012, 1, 31)
    hour = datetime.datetime(2012, 1, 31, 8, 30)
    table = pa.table({
        "i8": pa.array([1, None, -3], pa.int8()),
        "u64": pa.array([1, 2, 2**53], pa.uint64()),
        "f16": pa.array(np.array([0.5, -1.5, 2], dtype="float16")),
        "f32": pa.array([0.5, None, float("nan")], pa.float32()),
        "f64": pa.array([0.1, -2.25, None], pa.float64()),
        "bool": pa.array([True, None, False]),
        "decimal": pa.array([decimal.Decimal("1.25"), None, decimal.Decimal("-3.5")], pa.decimal128(9, 2)),
        "date": pa.array([day, None, day + datetime.timedelta(1)]),
        "stamp": pa.array([hour, None, hour], pa.timestamp("us")),
        "zoned": pa.array([hour, None, hour], pa.timestamp("ns", tz="UTC")),
        "text": pa.array(["x", None, "z"]),
        "large": pa.array(["x", "", "z"], pa.large_string()),
        "class": pa.array(["b", None, "a"]).dictionary_encode(),
        "none": pa.nulls(3),
        "list": pa.array([[1, 2], None, []]),
    })
    parquet.write_table(table, os.path.join(SAMPLES, "types.parquet"), row_group_size=2)
    feather.write_feather(table, os.path.join(SAMPLES, "types.feather"), chunksize=2)
    with pa.OSFile(os.path.join(SAMPLES, "types.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=1)
    with pa.OSFile(os.path.join(SAMPLES, "types.arrows"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    parquet.write_table(pa.table({"x": [1.0, float("inf")]}), os.path.join(SAMPLES, "infinite.parquet"))


def main():
    os.makedirs(SAMPLES, exist_ok=True)
    write_npy()
    write_arrow()
    root = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BLOCKYARD_DATA", "")
    if not root:
        return
    facts = [file_facts(root, path) for path in (
        "ai4i-2020/ai4i2020.csv", "california-housing/housing.csv", "diabetes-130-hospitals/diabetic_data.csv",
        "fan-vibration/accelerometer.csv", "nycflights13/flights.csv.gz", "nycflights13/weather.csv",
        "nycflights13/planes.csv", "nycflights13/airports.csv", "nycflights13/airlines.csv", "penguins/penguins.csv",
        "penguins/penguins_raw.csv", "seattle-weather/seattle-weather.csv", "ecb-fx/eurofxref-hist.csv")]
    for name in ("amazon_cells", "imdb", "yelp"):
        facts.append(file_facts(root, "sentiment-sentences/%s_labelled.txt" % name, sep="\t", header=None, quoting=3))
    with open(os.path.join(HERE, "..", "data", "tables.json"), "w") as f:
        json.dump(facts, f, indent=1, ensure_ascii=False)
        f.write("\n")


main()
