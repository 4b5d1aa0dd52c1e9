#!/usr/bin/env python3
"""Folders that Blockyard writes, judged by the programs that they are for: safetensors and PyTorch for the layout of a
model hub, MLflow 3 for its own.

  python3 -m venv build/peers
  build/peers/bin/pip install mlflow-skinny onnxruntime==1.31.1 safetensors torch==2.11.0 numpy pandas pyyaml
  cmake --build build/release --target blockyard
  build/peers/bin/python tests/oracles/exported_folders.py build/release/bin/blockyard [NAME...]

The samples are trained for one epoch; the answers of both folders are those of "blockyard predict" within 1e-5. Prints a
line for each project, and ends with 1 if anything differs."""
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas
import yaml

PROJECTS = {"penguins": "penguins/penguins.csv", "california-housing": "california-housing/housing.csv",
            "machine-failure": "ai4i-2020/ai4i2020.csv"}


def called(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr[-1500:]}")
    return done.stdout


def same(wanted, got, what):
    """The columns of a prediction, found in `got`."""
    for name in wanted:
        if name not in got:
            raise AssertionError(f"{what}: no column {name}, there are {list(got)}")
        a, b = wanted[name], got[name]
        texts = a.dtype == object
        if len(a) != len(b):
            raise AssertionError(f"{what}: {name}: {len(a)} rows and {len(b)}")
        b = b.astype(str).to_numpy(object) if texts else b.astype(float).to_numpy()
        wrong = a != b if texts else ~np.isclose(a, b, 1e-5, 1e-5, equal_nan=True)
        # A probability that lies on a threshold falls to either side of it.
        if wrong.sum() > (len(a) // 1000 if name == "label" else 0):
            raise AssertionError(f"{what}: {name} differs in {wrong.sum()} of {len(a)} rows")


def judge_hub(tool, folder, source, wanted):
    import torch
    from safetensors.torch import load_file
    weights = load_file(folder / "model.safetensors")
    pipeline = json.loads((folder / "pipeline.json").read_text())
    config = json.loads((folder / "config.json").read_text())
    card = (folder / "README.md").read_text()
    header = yaml.safe_load(re.match(r"---\n(.*?)\n---\n", card, re.S)[1])
    assert header["library_name"] == "blockyard" and config["library_name"] == "blockyard"
    assert header.get("pipeline_tag") == config.get("pipeline_tag"), "two tasks"
    named = {tensor for block in pipeline["blocks"] for tensor in block.get("tensors", [])}
    own = {name for name in weights if not name.startswith("certificate:")}
    assert named == own, named ^ own
    linear = 0
    for name in (n[:-len(".weight")] for n in weights if n.endswith(".weight")):
        if weights[name + ".weight"].ndim == 2 and name + ".bias" in weights:
            outputs, inputs = weights[name + ".weight"].shape
            part = {key: weights[f"{name}.{key}"] for key in ("weight", "bias")}
            torch.nn.Linear(inputs, outputs).load_state_dict(part, strict=True)
            linear += 1
    said = pandas.read_csv(io.StringIO(called(tool, "predict", folder / "model.safetensors", source)),
                           keep_default_na=False)
    same(wanted, said, "hub")
    return f"hub: {len(weights)} tensors, {linear} layers loaded"


def judge_mlflow(folder, source, wanted, scratch):
    import mlflow
    model = mlflow.pyfunc.load_model(str(folder))
    names = model.metadata.get_input_schema().input_names()
    kinds = dict(zip(names, model.metadata.get_input_schema().pandas_types()))
    rows = pandas.read_csv(source, usecols=names, dtype={n: t for n, t in kinds.items() if "datetime" not in str(t)})
    said = model.predict(rows)
    same(wanted, said, "mlflow.pyfunc")
    assert list(said) == model.metadata.get_output_schema().input_names(), "the output schema names other columns"
    example = model.input_example if hasattr(model, "input_example") else None
    assert example is not None and len(model.predict(example)) == 1, "the example is not taken"
    rows.to_csv(scratch / "rows.csv", index=False)
    command = [Path(sys.executable).parent / "mlflow", "models", "predict", "-m", folder, "-i", scratch / "rows.csv",
               "-t", "csv", "--env-manager", "local", "-o", scratch / "said.json"]
    called(*command)
    answered = pandas.DataFrame(json.loads((scratch / "said.json").read_text())["predictions"])
    same(wanted, answered, "mlflow models predict")
    return f"mlflow: {len(said)} rows, {', '.join(said)}"


def judge(tool, name, folder):
    project = Path(folder) / name
    shutil.copytree(Path(__file__).parents[2] / "projects" / name, project, ignore=shutil.ignore_patterns("runs"))
    called(tool, "train", project, "--epochs", "1")
    source = Path(os.environ["BLOCKYARD_DATA"]) / PROJECTS[name]
    predicted = called(tool, "predict", "latest", source, "--project", project)
    table = pandas.read_csv(io.StringIO(predicted), keep_default_na=False)
    wanted = {c: table[c].to_numpy(np.float64 if table[c].dtype.kind in "fi" else object) for c in table.columns}
    out = []
    for form in ("hub", "mlflow"):
        called(tool, "export", "latest", project / form, "--format", form, "--project", project)
    out.append(judge_hub(tool, project / "hub", source, wanted))
    out.append(judge_mlflow(project / "mlflow", source, wanted, project))
    return "right: " + "; ".join(out)


def main():
    tool, bad = str(Path(sys.argv[1]).resolve()), 0
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[2:] or PROJECTS:
            try:
                said = judge(tool, name, folder)
            except Exception as error:  # noqa: BLE001: whatever the programs throw is the finding
                said, bad = f"{type(error).__name__}: {error}", bad + 1
            print(f"{name}: {said}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
