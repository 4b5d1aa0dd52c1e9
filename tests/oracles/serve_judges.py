#!/usr/bin/env python3
"""What `blockyard serve` answers, judged by clients of others: Triton's client for the Open Inference Protocol, pandas'
tables as MLflow's scoring server takes them, and the page pressed by a mouse in Chromium.

  python3 -m venv build/peers && build/peers/bin/pip install tritonclient[http]==2.70.0 pandas pillow requests websocket-client
  apt-get install chromium
  build/peers/bin/python tests/oracles/serve_judges.py build/release/bin/blockyard

Trains the penguins and, for a minute, the pictures of clothes; serves both. Everything that is answered must be what
`blockyard predict` says, numbers within 1e-5. Ends with 1 if anything differs."""
import argparse
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas
import requests
import tritonclient.http as triton
import websocket
from PIL import Image

TOLERANCE = 1e-5
ROOT = Path(__file__).parents[2]


def same(wanted, got, what):
    """Raises where two tables of answers differ."""
    assert list(wanted.columns) == list(got.columns), f"{what}: columns {list(got.columns)}"
    for name in wanted.columns:
        if wanted[name].dtype.kind == "f":
            np.testing.assert_allclose(got[name].astype(float), wanted[name], rtol=0, atol=TOLERANCE, err_msg=what)
        else:
            assert list(map(str, got[name])) == list(map(str, wanted[name])), f"{what}: {name}"
    print(f"{what}: {len(got)} rows right")


def trained(tool, name, folder, *settings):
    project = folder / name
    shutil.copytree(ROOT / "projects" / name, project, ignore=shutil.ignore_patterns("runs"))
    subprocess.run([tool, "train", str(project), "-q", *settings], check=True)
    bundle = folder / (name + ".safetensors")
    subprocess.run([tool, "export", "latest", str(bundle), "--project", str(project)], check=True, capture_output=True)
    return bundle


def predicted(tool, bundle, *files):
    out = subprocess.run([tool, "predict", str(bundle), *map(str, files)], check=True, capture_output=True, text=True).stdout
    return pandas.read_csv(io.StringIO(out), keep_default_na=False)


@contextmanager
def served(tool, *bundles):
    process = subprocess.Popen([tool, "serve", "--json", "--port", "0", *map(str, bundles)], stdout=subprocess.PIPE, text=True)
    try:
        text = ""
        while True:
            text += process.stdout.readline()
            try:
                yield json.loads(text)["address"]
                return
            except json.JSONDecodeError:
                assert process.poll() is None, "the service ended: " + text
    finally:
        process.terminate()
        assert process.wait(20) == 0, "the service did not end well"


def by_triton(address, rows, wanted):
    # The client writes a missing number as NaN, which JSON does not have.
    whole = rows.select_dtypes("number").notna().all(axis=1)
    rows, wanted = rows[whole], wanted[whole].reset_index(drop=True)
    client = triton.InferenceServerClient(address.removeprefix("http://"))
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("penguins")
    inputs = []
    for given in client.get_model_metadata("penguins")["inputs"]:
        if given["name"] not in rows:
            continue
        column = rows[given["name"]]
        values = column.to_numpy(np.float64) if given["datatype"] == "FP64" else column.fillna("").to_numpy(object)
        tensor = triton.InferInput(given["name"], [len(values)], given["datatype"])
        tensor.set_data_from_numpy(values, binary_data=False)
        inputs.append(tensor)
    outputs = [triton.InferRequestedOutput(name, binary_data=False) for name in wanted.columns]
    reply = client.infer("penguins", inputs, outputs=outputs)
    same(wanted, pandas.DataFrame({name: reply.as_numpy(name) for name in wanted.columns}).map(
        lambda v: v.decode() if isinstance(v, bytes) else v), "Triton's client")
    try:
        client.infer("penguins", inputs[:1])
        raise AssertionError("a request without its columns was answered")
    except triton.InferenceServerException as refused:
        print("Triton's client shows what is wrong:", refused)


def by_invocations(address, rows, wanted):
    cells = rows.astype(object).where(rows.notna(), None)
    split = cells.to_dict(orient="split")
    for what, body in (("dataframe_split", {"columns": split["columns"], "data": split["data"]}),
                       ("dataframe_records", cells.to_dict(orient="records"))):
        reply = requests.post(address + "/invocations", json={what: body},
                              timeout=60)
        reply.raise_for_status()
        same(wanted, pandas.DataFrame(reply.json()["predictions"]), "/invocations, " + what)


class Page:
    """One page of Chromium, driven through its DevTools protocol."""

    def __init__(self, folder, address):
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--remote-allow-origins=*",
             f"--user-data-dir={folder}", "--window-size=900,1200", "about:blank"], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "DevTools listening" in line:
                port = line.rsplit("127.0.0.1:", 1)[1].split("/")[0]
                break
        target = next(t for t in requests.get(f"http://127.0.0.1:{port}/json", timeout=20).json() if t["type"] == "page")
        self.socket = websocket.create_connection(target["webSocketDebuggerUrl"], timeout=60)
        self.count = 0
        self.problems = []
        self.call("Log.enable")
        self.call("Page.enable")
        self.call("Network.enable")
        self.asked = set()
        self.call("Page.navigate", url=address)

    def call(self, method, **params):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
                self.problems.append(message["params"]["entry"]["text"])
            if message.get("method") == "Network.requestWillBeSent":
                self.asked.add(message["params"]["request"]["url"])
            if message.get("id") == self.count:
                assert "error" not in message, message
                return message["result"]

    def value(self, script):
        reply = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in reply, reply["exceptionDetails"]
        return reply["result"].get("value")

    def wait(self, script):
        until = time.monotonic() + 20
        while not (found := self.value(script)):
            assert time.monotonic() < until, f"never came true: {script}; the page says {self.value('document.body.innerText')}"
            time.sleep(0.05)
        return found

    def press(self, selector):
        box = self.value(f"(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector({selector!r}).getBoundingClientRect())")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def type(self, selector, text):
        self.press(selector)
        self.call("Input.insertText", text=text)

    def answers(self):
        self.wait("document.querySelectorAll('#answers tr').length > 1 || document.querySelector('#problem').textContent")
        assert not self.value("document.querySelector('#problem').textContent"), self.value("document.querySelector('#problem').textContent")
        cells = self.value("[...document.querySelectorAll('#answers tr')].map(r => [...r.children].map(c => c.textContent))")
        return pandas.DataFrame(cells[1:], columns=cells[0])

    def choose(self, name):
        self.value(f"""(() => {{ const s = document.querySelector('#model');
            s.selectedIndex = [...s.options].findIndex(o => o.textContent.startsWith({name!r}));
            s.dispatchEvent(new Event('change')); }})()""")

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)


def shown(wanted):
    """As the page writes numbers: six digits."""
    return wanted.map(lambda v: float(f"{v:.6g}") if isinstance(v, float) else v)


def by_browser(folder, address, rows, wanted, picture, of_picture):
    page = Page(folder / "browser", address)
    try:
        page.wait("document.querySelectorAll('#model option').length === 2")
        page.choose("penguins")
        page.wait("!!document.querySelector('#form button')")
        fields = page.value("[...document.querySelectorAll('#form [name]')].map(f => f.name)")
        for name in fields:
            value = rows[name].iloc[0]
            if page.value(f"document.querySelector('[name={name}]').tagName") == "SELECT":
                page.value(f"document.querySelector('[name={name}]').value = {value!r}")
            else:
                page.type(f"[name={name}]", str(value))
        page.press("#form button")
        same(shown(wanted.head(1)), page.answers(), f"the page, filled in and pressed ({len(fields)} fields)")
        page.choose("fashion-mnist")
        page.wait("!!document.querySelector('#form [name=file]')")
        page.press("#form button")
        page.wait("document.querySelector('#problem').textContent.includes('Choose a picture')")
        node = page.call("DOM.querySelector", nodeId=page.call("DOM.getDocument")["root"]["nodeId"], selector="[name=file]")["nodeId"]
        page.call("DOM.setFileInputFiles", nodeId=node, files=[str(picture)])
        page.value("document.querySelector('#problem').textContent = ''")
        page.press("#form button")
        same(shown(of_picture), page.answers(), "the page, with a picture")
        assert not page.problems, page.problems
        outside = [url for url in page.asked if not url.startswith(address)]
        assert not outside, f"resources from outside: {outside}"
    finally:
        page.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    tool = str(Path(parser.parse_args().tool).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        penguins = trained(tool, "penguins", folder)
        clothes = trained(tool, "fashion-mnist", folder, "--set", "training.max_steps=60", "--set", "training.epochs=1")
        table = pandas.read_csv(Path(os.environ["BLOCKYARD_DATA"]) / "penguins/penguins.csv")
        rows = table.drop(columns="species")
        wanted = predicted(tool, penguins, Path(os.environ["BLOCKYARD_DATA"]) / "penguins/penguins.csv")
        with gzip.open(Path(os.environ["BLOCKYARD_DATA"]) / "fashion-mnist/t10k-images-idx3-ubyte.gz") as file:
            pixels = np.frombuffer(file.read(16 + 784)[16:], np.uint8).reshape(28, 28)
        picture = folder / "picture.png"
        Image.fromarray(pixels).save(picture)
        of_picture = predicted(tool, clothes, picture).drop(columns="file")
        with served(tool, penguins) as address:
            by_invocations(address, rows, wanted)
        with served(tool, clothes) as address:
            for kind, body in (("application/octet-stream", pixels.tobytes()), ("image/png", picture.read_bytes())):
                reply = requests.post(address + "/predict", data=body, headers={"Content-Type": kind}, timeout=60)
                reply.raise_for_status()
                same(of_picture, pandas.DataFrame(reply.json()), "a picture as " + kind)
        with served(tool, penguins, clothes) as address:
            by_triton(address, rows, wanted)
            by_browser(folder, address, rows, wanted, picture, of_picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
