#!/usr/bin/env python3
"""The same rows asked everywhere: of the bundle, of `blockyard predict`, over HTTP, of the ONNX model in ONNX Runtime, and of
the TorchScript module in PyTorch.

  python3 -m venv build/peers && build/peers/bin/pip install onnx==1.23.2 onnxruntime==1.31.1 torch==2.11.0 numpy pandas requests
  cmake --build build/release --target export_cases blockyard
  build/peers/bin/python tests/oracles/everywhere.py build/release/bin/blockyard [--rows 1000] [NAME...]

Trains each sample for one epoch and takes rows of its data. One line a sample: which of them agree with the bundle on all
rows, numbers within 1e-5, texts exactly; what a format cannot hold is said. Ends with 1 if any answer differs."""
import argparse
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas
import requests

from exported_models import MODELS, PROJECTS, array, difference, trained_project
from serve_judges import served


def rows_of(case, inputs):
    """The rows as JSON takes them: an object of lists, or nested lists where there is one tensor."""
    lists = {name: array(given) for name, given in case["in"].items()}
    if len(lists) == 1 and next(iter(inputs.values()))["shape"][1:]:
        return next(iter(lists.values())).tolist()
    plain = {}
    for name, values in lists.items():
        flat = values.reshape(len(values)).tolist()
        plain[name] = [None if v != v or v == "" else v for v in flat]
    return plain


def compare(wanted, got):
    """What is wrong with answers by name; empty if nothing is."""
    common = [name for name in got if name in wanted]
    if not common:
        return f"nothing in common with {sorted(wanted)}"
    for name in common:
        values = wanted[name].reshape(len(wanted[name]), -1)
        wrong = difference(name, values, np.asarray(got[name], dtype=values.dtype).reshape(values.shape))
        if wrong:
            return wrong
    return ""


def by_predict(tool, bundle, rows, folder):
    file = folder / "rows.json"
    file.write_text(json.dumps(rows))
    out = subprocess.run([tool, "predict", str(bundle), str(file)], check=True, capture_output=True, text=True).stdout
    table = pandas.read_csv(io.StringIO(out), keep_default_na=False)
    return {name: table[name].to_numpy() for name in table.columns}


def by_http(tool, bundle, rows):
    with served(tool, bundle) as address:
        reply = requests.post(address + "/predict", json=rows, timeout=600)
        reply.raise_for_status()
        table = pandas.DataFrame(reply.json())
        asked = requests.get(address + "/models", timeout=20).json()[0]
        return {name: table[name].to_numpy() for name in table.columns}, asked


def judge(tool, name, folder, count):
    project, problem = trained_project(tool, name, folder)
    if problem:
        return problem
    bundle = next((project / "runs").glob("*/bundle.safetensors"))
    said = {}
    for form, runs in (("onnx", "ONNX Runtime"), ("pt", "PyTorch")):
        call = [str(Path(tool).parent / "export_cases"), form, "--run", bundle, project, count, project / "case"]
        cases = subprocess.run([str(part) for part in call], capture_output=True, text=True)
        if cases.returncode != 0:
            return f"{form} cannot hold it: " + " ".join(cases.stderr.split())[:200]
        case = json.loads((project / "case.json").read_text())
        wanted = {key: array(given) for key, given in case["out"].items()}
        feed = {name: array(given) for name, given in case["in"].items()}
        said[runs] = compare(wanted, MODELS[form](str(project / f"case.{form}")).run(feed))
    rows = rows_of(case, {name: {"shape": array(given).shape} for name, given in case["in"].items()})
    said["predict"] = compare(wanted, by_predict(tool, bundle, rows, project))
    said["HTTP"] = compare(wanted, by_http(tool, bundle, rows)[0])
    lines = [f"{who} {'right' if not wrong else 'WRONG: ' + wrong}" for who, wrong in said.items()]
    return f"{len(next(iter(wanted.values())))} rows: " + ", ".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rows", type=int, default=1000)
    given = parser.parse_args()
    tool = str(Path(given.tool).resolve())
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in given.names or PROJECTS:
            said = judge(tool, name, folder, given.rows)
            bad += "WRONG" in said or said.startswith("not trained")
            print(f"{name}: {said}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
