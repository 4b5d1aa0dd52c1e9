#!/usr/bin/env python3
"""Writes small files of every kind into FOLDER/<target>/, for the fuzz targets to begin with: make_seeds.py FOLDER"""
import gzip
import io
import json
import struct
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def idx(sizes, items, kind=8):
    return bytes([0, 0, kind, len(sizes)]) + b"".join(struct.pack(">I", s) for s in sizes) + items


def npy(kind, shape, items, fortran=False, version=1):
    text = f"{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    front = 10 if version == 1 else 12
    text += b" " * (-(front + len(text) + 1) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + items


def safetensors(header, items):
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + items


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def field(number, data):
    return bytes([number << 3 | 2, len(data)]) + data


def record(data):
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", crc32c(length)) + data + struct.pack("<I", crc32c(data))


def journal():
    wall = b"\x09" + struct.pack("<d", 1.7e9)
    scalar = field(1, b"loss") + b"\x15" + struct.pack("<f", 0.5)
    histogram = b"".join(bytes([n << 3 | 1]) + struct.pack("<d", n) for n in range(1, 6))
    histogram += field(6, struct.pack("<2d", 0, 1)) + field(7, struct.pack("<2d", 3, 4))
    yield record(wall + field(3, b"brain.Event:2")) + record(wall + b"\x10\x07" + field(5, field(1, scalar)))
    yield wall + b"\x10\x03" + field(5, field(1, field(1, b"w") + field(5, histogram)))


# The first bytes of an input choose settings: see the targets.
CSV = [b"a,b,c\n1,x,2020-01-01\n2,y,2021-02-03\n", b'a;b\n"1,5";"x ""y"""\n2,5;"two\nlines"\n', b"a\tb\r\n1\t\r\nNA\t3\r\n",
       "a,b\nä,€\n".encode("utf-8-sig"), "a,b\nä,1\n".encode("utf-16"), b"1 2\n3 4\n", b"a,b,\n1,2,\n", b"a\r1\r2\r",
       gzip.compress(b"a,b\n1,2\n", mtime=0), b"a,a\n1,2\n", b'"a"x,b\n1,2\n', b"a,b\n1\n", b"\n\na\n-999\n1e5\n"]
FORMULAS = ["n + 1", "if(n > 2, c, \"none\")", "t > \"2020-01-31\" and not is_missing(n)", "c in (\"cat\", 'dog')", "-n ^ -2 ^ n",
            "coalesce(n, round(length(s), 1), 3)", "weekday(t) + hour(t)", "contains(s, \"a\") or starts_with(c, \"d\")",
            "max(n, min(1, 2), sqrt(abs(n)))", "number(s) / 0", "t - t", "`n` != missing", "n not in (1, 2)"]


def project():
    block = {"block": "source/table", "params": {"file": "${data}/a.csv", "target": ["y"]}, "at": [0, 0]}
    inner = {"blocks": {"in": {"block": "extractor/linear", "params": {"out_features": 8}, "at": [0, 0]}}, "wires": [],
             "inputs": {"x": ["in.x"]}, "outputs": {"y": "in.y"}}
    main = {"blocks": {"t": block, "s": {"block": "preprocessor/scale", "params": {"by": "${k}", "list": [0, 1]}, "at": [1, 0]},
                       "l": {"block": "extractor/linear", "params": {"bias": False}, "bypassed": True, "title": "T", "at": [2, 0.5]},
                       "j": {"block": "extractor/join", "at": [3, 0]}, "c": {"block": "classifier/classify", "at": [4, 0]},
                       "w": {"block": "postprocessor/words", "at": [5, 0]}, "o": {"block": "composite/part", "at": [3, 1]}},
            "wires": ["t.features -> s.x", "s.y -> l.x", "l.y -> j.x", "s.y -> j.x", "j.y -> c.x", "t.target -> c.target",
                      "c.scores -> w.scores"],
            "training": {"epochs": 3, "seed": 1}, "frames": [{"title": "M", "rect": [0, 0, 9, 9]}]}
    yield json.dumps({"format": 1, "name": "A", "doc": "d", "variables": {"k": 2, "data": "x"}, "pipelines": {"main": main},
                      "composites": {"part": inner}, "more": [1, None]}).encode()
    yield json.dumps({"format": 1, "pipelines": {"main": {"blocks": {}, "wires": []}}}).encode()
    yield (HERE.parent / "formats" / "1.blockyard").read_bytes()


def npz(arrays, method):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, array in arrays.items():
            archive.writestr(zipfile.ZipInfo(name + ".npy"), array, compress_type=method)
    return file.getvalue()


def samples(folder):
    return [path.read_bytes() for path in sorted((HERE.parent / "data" / "samples" / folder).iterdir())]


def bundle():
    t = {"id": "t", "block": "source/table", "values": {"file": "a.csv", "target": ["y"], "rows": 4, "header": "auto"}, "inputs": []}
    s = {"id": "s", "block": "preprocessor/scale", "values": {"by": 0.5}, "inputs": [{"slot": "x", "from": "t", "port": "features"}]}
    c = {"id": "c", "block": "classifier/classify", "values": {"weight": "none"},
         "inputs": [{"slot": "x", "from": "s", "port": "y"}, {"slot": "target", "from": "t", "port": "target"}]}
    columns = [{"name": "n", "type": "number"}, {"name": "c", "type": "category", "classes": ["a", "b"]}, {"name": "t", "type": "time"}]
    outputs = {"t": {"features": {"kind": "table", "shape": ["N"], "columns": columns}, "target": {"kind": "label", "classes": ["a", "b"], "shape": ["N"]}},
               "s": {"y": {"kind": "tensor", "element": "float32", "shape": ["N", 3], "unit": "EUR"}}, "c": {"scores": {"kind": "tensor", "element": "float32", "shape": ["N", 2]}}}
    return json.dumps({"format": 1, "run": "r", "blocks": {name: {"outputs": ports} for name, ports in outputs.items()},
                       "plan": {"format": 1, "project": "p", "pipeline": "main", "folder": "", "nodes": [t, s, c], "training": {"epochs": 3, "seed": 1}}}).encode()


# The first byte is the manner, the second what the pipeline starts with.
REQUESTS = [
    b'\0\0[{"n": 1, "c": "cat", "t": "2020-01-01", "s": "x"}, {"n": null, "c": null, "t": 3, "s": ""}]',
    b'\0\1{"n": [1, 2.5], "c": ["emu", true]}', b'\0\2[[[[1, 2], [3, 255]]]]', b'\0\3[[[1, 2], [3.5, true]], [[1, 2], [0, 0]]]',
    b'\1\0{"dataframe_split": {"columns": ["n", "c", "t", "s"], "data": [[1, "dog", "2020-01-01T08:30:00", "x"]]}}',
    b'\1\1{"dataframe_records": [{"n": 1, "c": "cat"}]}', b'\1\3{"instances": [[[1, 2]]]}', b'\1\0{"inputs": {"n": 1, "c": "a", "t": null, "s": "b"}}',
    b'\2\1{"inputs": [{"name": "n", "datatype": "FP32", "shape": [2, 1], "data": [1, 2]}, {"name": "c", "datatype": "BYTES", "shape": [2], "data": ["a", "b"]}]}',
    b'\2\3{"inputs": [{"name": "features", "datatype": "FP64", "shape": [1, 2, 2], "data": [[1, 2], [3, 4]]}]}',
    b'\2\3{"inputs": [{"name": "features", "datatype": "FP64", "shape": [1, 0, 2], "data": []}]}']

SEEDS = {
    "npz": [npz({"a": npy("<f4", (2, 3), bytes(24))}, method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]
    + [npz({"a": npy("<f4", (1,), bytes(4)), "b": npy("|u1", (1,), b"a")}, zipfile.ZIP_STORED)],
    "picture": [bytes([n % 4, 3]) + picture for n, picture in enumerate(samples("pictures"))],
    "sound": [b"\7" + sound for sound in samples("sounds")],
    "request": REQUESTS,
    "bundle": [bundle(), b"[]", b'{"format": 2}'],
    "idx": [b"\0" + idx([2, 2], b"abcd"), b"\1" + idx([3], b"abc"), b"\0" + gzip.compress(idx([2], b"ab"), mtime=0), b"\0" + idx([1], b"abcd", 13)],
    "npy": [npy("<f4", (2, 3), bytes(24)), npy("|b1", (4,), b"\0\1\0\1"), npy(">f8", (2, 2), bytes(32), True), npy("<u8", (1,), b"\xff" * 8),
            npy("<f2", (1, 2, 2), bytes(8), True, 2), npy("|i1", (3,), b"abc", version=3), npy("|O", (1,), bytes(8))],
    "csv": [bytes([0, 0, 0, 0, 0, 0, 0, n]) + text for n, text in enumerate(CSV)] + [bytes([2, 2, 1, 1, 1, 3, 1, 7]) + text for text in CSV],
    "text": [bytes([n % 5, 3]) + text for n, text in enumerate(CSV + ["grüße".encode("cp1252"), "\U0001F600 a".encode("utf-16-be")])],
    "safetensors": [safetensors({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "__metadata__": {"k": "v"}}, bytes(8)),
                    safetensors({"b": {"dtype": "BOOL", "shape": [], "data_offsets": [0, 1]}, "c": {"dtype": "I64", "shape": [0, 3], "data_offsets": [1, 1]}}, b"\1"),
                    safetensors({}, b"")],
    "formula": [bytes([n % 2]) + text.encode() for n, text in enumerate(FORMULAS)],
    "journal": list(journal()),
    "project": list(project()),
}


def main():
    folder = Path(sys.argv[1])
    for target, seeds in SEEDS.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (folder / target / str(number)).write_bytes(seed)


main()
