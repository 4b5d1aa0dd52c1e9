#!/usr/bin/env python3
"""Models that Blockyard writes, judged by what they are written for: ONNX by its checker 1.23 and ONNX Runtime 1.31,
TorchScript by PyTorch 2.11.

  python3 -m venv build/peers && build/peers/bin/pip install onnx==1.23.2 onnxruntime==1.31.1 torch==2.11.0 numpy pandas
  cmake --build build/release --target export_cases blockyard
  build/peers/bin/python tests/oracles/exported_models.py onnx blocks build/release/bin/export_cases [--trials 20] [--block ID]
  build/peers/bin/python tests/oracles/exported_models.py pt projects build/release/bin/blockyard [NAME...]

"int8" is ONNX with weights in 8 bits: its answers are those of LibTorch rounding in the same way, but for values that
lie in the middle between two steps and fall to the other side.

"blocks": every block that can be written, alone, with random settings and shapes; answers within 1e-5 of the block's own,
for all rows at once, for one and for two. "projects": the samples, trained for one epoch, on rows they were trained from, against
"blockyard predict". Prints one line a block or project, and ends with 1 if any answer differs."""
import argparse
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

TOLERANCE = 1e-5
# A group of one number is 0, but for what LibTorch's rounding leaves of it times 1 / sqrt(epsilon).
TOLERANCE_OF = {"extractor-group_norm": 1e-4}


ROUNDED = 0.03


def tolerance_of(path):
    return ROUNDED if path.suffix == ".int8" else TOLERANCE_OF.get(path.stem.rpartition("-")[0], TOLERANCE)


class OnnxModel:
    """The model, checked and ready to run."""

    def __init__(self, path):
        import onnx
        import onnxruntime
        onnx.checker.check_model(onnx.load(path), full_check=True)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        for output in self.session.get_outputs():
            if not output.shape or output.shape[0] != "N":
                raise ValueError(f"{output.name}: the rows are not free, the shape is {output.shape}")
        self.inputs = {i.name: "text" if i.type == "tensor(string)" else "number" for i in self.session.get_inputs()}

    def run(self, feed):
        names = [o.name for o in self.session.get_outputs()]
        return dict(zip(names, self.session.run(names, {name: feed[name] for name in self.inputs})))


class ScriptModel:
    def __init__(self, path):
        import torch
        torch.set_num_threads(1)
        self.torch, self.module = torch, torch.jit.load(path)
        arguments = [a.name for a in self.module.forward.schema.arguments][1:]
        self.tensors = [a for a in arguments if a not in ("numbers", "texts")]
        self.table = "numbers" in arguments
        self.inputs = {}
        for port, columns in json.loads(self.module.signature).items():
            if port != "target" and isinstance(columns, dict):
                self.inputs |= {n: "text" if t in ("category", "text") else "number" for n, t in columns.items()}
        self.inputs |= {name: "number" for name in self.tensors}

    def run(self, feed):
        plain = {re.sub("[^A-Za-z0-9]", "_", name): name for name in feed}  # as arguments are called
        feed = {name if name in self.inputs else key: feed[name] for key, name in plain.items()}
        given = [self.torch.from_numpy(feed[name].copy()) for name in self.tensors]
        if self.table:
            columns = {name: value.reshape(-1) for name, value in feed.items() if name not in self.tensors}
            given.append({n: self.torch.from_numpy(v.copy()) for n, v in columns.items() if v.dtype != object})
            given.append({n: [str(t) for t in v] for n, v in columns.items() if v.dtype == object})
        with self.torch.no_grad():
            numbers, texts = self.module(*given)
        out = {name: value.numpy() for name, value in numbers.items()}
        return out | {name: np.array(value, dtype=object) for name, value in texts.items()}


MODELS = {"onnx": OnnxModel, "int8": OnnxModel, "pt": ScriptModel}


def array(given):
    kind, shape = given["type"], given["shape"]
    if kind == "text":
        return np.array(given["data"], dtype=object).reshape(shape)
    return np.array([float(v) for v in given["data"]]).astype(kind).reshape(shape)


def difference(name, wanted, got, tolerance=TOLERANCE):
    """What is wrong with one output; empty if nothing is."""
    if tolerance == ROUNDED and wanted.dtype == object:
        same = np.mean([str(a) == str(b) for a, b in zip(wanted.ravel(), got.ravel())])
        return "" if same > 0.98 else f"{name}: {same:.1%} of the texts are equal"
    if wanted.shape != got.shape:
        return f"{name}: expected shape {wanted.shape}, got {got.shape}"
    if wanted.dtype == object:
        wrong = [i for i, (a, b) in enumerate(zip(wanted.ravel(), got.ravel())) if str(a) != str(b)]
        return f"{name}: row {wrong[0]}: expected {wanted.ravel()[wrong[0]]!r}, got {got.ravel()[wrong[0]]!r}" if wrong else ""
    a, b = wanted.astype(np.float64), got.astype(np.float64)
    near = np.isclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True)
    if near.all():
        return ""
    at = np.argwhere(~near)[0]
    return f"{name}: at {tuple(at)} of {a.shape}: expected {a[tuple(at)]}, got {b[tuple(at)]}"


def judge_case(path):
    case = json.loads(path.with_suffix(".json").read_text())
    try:
        model = MODELS[path.suffix[1:]](str(path))
    except Exception as error:  # noqa: BLE001: whatever the library throws is the finding
        return f"refused: {error}"
    feed = {name: array(given) for name, given in case["in"].items()}
    # What is called as an input is, gets a number; what has no numbers is left out.
    inputs = set(case["in"])
    wanted = {name + "_2" if name in inputs else name: given for name, given in case["out"].items()
              if 0 not in given["shape"][1:]}
    rows = next(iter(wanted.values()))["shape"][0]
    for count in (rows,) if path.suffix == ".int8" else (rows, 1, 2):  # what is rounded hangs on the other rows
        try:
            got = model.run({name: given[:count] for name, given in feed.items()})
        except Exception as error:  # noqa: BLE001
            return f"{count} rows: {error}"
        if sorted(got) != sorted(wanted):
            return f"expected the outputs {sorted(wanted)}, got {sorted(got)}"
        for name, value in got.items():
            tolerance = tolerance_of(path)
            wrong = difference(name, array(wanted[name])[:count], value, tolerance)
            if wrong:
                return f"{count} rows: {wrong}"
    return ""


def judge_blocks(tool, form, trials, block):
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        call = [tool, form, folder, str(trials)] + ([block] if block else [])
        lines = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        for line in lines:
            name, written, refused = line.split("\t")
            wrong = []
            for path in sorted(Path(folder).glob(name.replace("/", "-") + f"-*.{form}")):
                if not path.stem[len(name) + 1:].isdigit():
                    continue
                problem = judge_case(path)
                if problem:
                    settings = json.loads(path.with_suffix(".json").read_text())["settings"]
                    wrong.append(f"  {path.stem}: {problem}\n    settings {json.dumps(settings)}")
            bad += len(wrong)
            tail = f", not written: {refused}" if refused else ""
            print(f"{name}: {int(written) - len(wrong)} of {written} models right{tail}", flush=True)
            for text in wrong[:3]:
                print(text[:1500])
    return bad


def fed_from(model, source):
    """The columns of a CSV file as the inputs of a model want them: what a user of pandas would write."""
    import pandas
    table = pandas.read_csv(source)
    feed = {}
    for name, kind in model.inputs.items():
        if name not in table:
            continue
        texts = kind == "text"
        column = table[name].fillna("").astype(str).to_numpy(object) if texts else table[name].to_numpy(np.float32)
        feed[name] = column.reshape(-1, 1)
    return feed


# Those that start with a CSV file are also fed from it by pandas.
PROJECTS = {"penguins": "penguins/penguins.csv", "california-housing": "california-housing/housing.csv",
            "machine-failure": None, "readmission": None, "fashion-mnist": None, "seattle-weather": None,
            "exchange-rates": None, "fan-vibration": None, "plant-seedlings": None, "solar-defects": None,
            "pneumonia": None, "rt-polarity": None}
ROWS = 300


def network(blocks, wires):
    """A small project around a text; it is read character by character."""
    return {"format": 1, "name": "Text", "pipelines": {"main": {"blocks": blocks, "wires": wires, "training": {
        "epochs": 1, "batch_size": 64, "split": "order"}}}}


SOURCE = {"block": "source/long_text", "params": {"file": "text.txt", "length": 32, "min_count": 200}}
CODES = {"block": "extractor/embedding", "params": {"vocabulary": 80, "features": 32}}
LANGUAGE_MODELS = {
    "a language model with a transformer": network(
        {"text": SOURCE, "codes": CODES, "next": {"block": "classifier/next_token"},
         "transformer": {"block": "extractor/transformer_encoder",
                         "params": {"layers": 2, "heads": 4, "causal": True, "positions": "learned"}}},
        ["text.tokens -> codes.x", "codes.y -> transformer.x", "text.tokens -> transformer.tokens",
         "transformer.y -> next.x", "text.tokens -> next.tokens", "text.target -> next.target"]),
    "a language model with an LSTM": network(
        {"text": SOURCE, "codes": CODES, "lstm": {"block": "extractor/lstm", "params": {"hidden": 24, "layers": 2}},
         "next": {"block": "classifier/softmax"}, "answer": {"block": "postprocessor/top_k"}},
        ["text.tokens -> codes.x", "codes.y -> lstm.x", "text.tokens -> lstm.tokens", "lstm.last -> next.x",
         "text.target -> next.target", "next.scores -> answer.scores"])}


def compared(model, feed, wanted, tolerance=TOLERANCE):
    said = model.run(feed)
    names = [name for name in said if name in wanted]
    if not names:
        return f"no output in common with {sorted(wanted)}"
    for name in names:
        wrong = difference(name, wanted[name][:len(said[name])], said[name], tolerance)
        if wrong:
            return wrong
    return f"right: {len(said[names[0]])} rows, {', '.join(names)}"


def trained_project(tool, name, folder):
    """A copy of the sample, trained for one epoch; and what went wrong."""
    project = Path(folder) / name.replace(" ", "-")
    if name in LANGUAGE_MODELS:
        project.mkdir()
        (project / "text.blockyard").write_text(json.dumps(LANGUAGE_MODELS[name]))
        text = (Path(os.environ["BLOCKYARD_DATA"]) / "tinyshakespeare/input.txt").read_text()
        (project / "text.txt").write_text(text[:200000])
    else:
        shutil.copytree(Path(__file__).parents[2] / "projects" / name, project, ignore=shutil.ignore_patterns("runs"))
    trained = subprocess.run([tool, "train", str(project), "--epochs", "1"], capture_output=True, text=True)
    return project, "not trained: " + trained.stderr if trained.returncode != 0 else ""


def judge_project(tool, form, name, folder):
    import pandas
    project, problem = trained_project(tool, name, folder)
    if problem:
        return problem
    model = project / ("model.onnx" if form == "int8" else f"model.{form}")
    call = [tool, "export", "latest", str(model), "--project", str(project)] + (["--int8"] if form == "int8" else [])
    written = subprocess.run(call, capture_output=True, text=True)
    if written.returncode != 0:
        return "not written: " + " ".join(written.stderr.split())
    running = MODELS[form](str(model))
    bundle = next((project / "runs").glob("*/bundle.safetensors"))
    cases = str(Path(tool).parent / "export_cases")
    subprocess.run([cases, form, "--run", str(bundle), str(project), str(ROWS), str(project / "case")], check=True)
    case = json.loads((project / "case.json").read_text())
    feed = {name: array(given) for name, given in case["in"].items()}
    wanted = {key: array(given) for key, given in case["out"].items()}
    if form == "int8":
        return compared(running, feed, wanted, ROUNDED) + "; " + written.stderr.splitlines()[-1].strip()
    said = compared(running, feed, wanted)
    if not said.startswith("right") or PROJECTS.get(name) is None:
        return said
    source = Path(os.environ["BLOCKYARD_DATA"]) / PROJECTS[name]
    predicted = subprocess.run([tool, "predict", "latest", str(source), "--project", str(project)], check=True,
                               capture_output=True, text=True).stdout
    table = pandas.read_csv(io.StringIO(predicted), keep_default_na=False)
    wanted = {c: table[c].to_numpy(np.float64 if table[c].dtype.kind in "fi" else object) for c in table.columns}
    return said + "; from the file " + compared(running, fed_from(running, source), wanted)


def judge_projects(tool, form, names):
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in names or [*PROJECTS, *LANGUAGE_MODELS]:
            said = judge_project(tool, form, name, folder)
            bad += not said.startswith(("right", "not written"))
            print(f"{name}: {said}", flush=True)
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=MODELS)
    parser.add_argument("what", choices=["blocks", "projects"])
    parser.add_argument("tool")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--block")
    given = parser.parse_args()
    tool = str(Path(given.tool).resolve())
    bad = judge_blocks(tool, given.format, given.trials, given.block) if given.what == "blocks" else judge_projects(tool, given.format, given.names)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
