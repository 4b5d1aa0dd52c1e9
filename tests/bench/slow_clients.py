#!/usr/bin/env python3
"""What a good client of `blockyard serve` waits for while others are slow, against an idle server.

    tests/bench/slow_clients.py BUNDLE [--slow 1000] [--requests 2000] [--command build/release/bin/blockyard]

The good client asks for one row, one request after the other on one connection. The slow
ones have sent a part of a request line or of a body, add a byte now and then, and never end. Printed are the median and
the 99th percentile of both in milliseconds, taken in turns, and their ratio."""
import argparse
import http.client
import json
import re
import resource
import socket
import subprocess
import threading
import time


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def asked(port, path, body, count):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for _ in range(count):
        start = time.perf_counter()
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        times.append(1000 * (time.perf_counter() - start))
        if answer.status != 200:
            raise SystemExit(f"slow_clients.py: {path} answered {answer.status}")
    return times


def slow_clients(port, count):
    heads = (b"POST /pre", b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n[")
    out = []
    for i in range(count):
        client = socket.create_connection(("127.0.0.1", port), timeout=30)
        client.sendall(heads[i % 2])
        out.append(client)
    return out


def drip(clients, stop):
    """A byte of each in ten seconds."""
    while not stop.is_set():
        for client in clients:
            if stop.wait(10 / len(clients)):
                return
            try:
                client.sendall(b" ")
            except OSError:
                pass  # the server has let it go


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    parser.add_argument("--slow", type=int, default=1000)
    parser.add_argument("--requests", type=int, default=2000, help="of the good client, in each of three rounds")
    parser.add_argument("--command", default="build/release/bin/blockyard")
    parser.add_argument("--path", default="/predict")
    parser.add_argument("--body", required=True, help="JSON of a row, for example '{\"mass\": 3700}'")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (options.slow + 200, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    server = subprocess.Popen([options.command, "serve", options.bundle, "--port", "0"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    try:
        for line in server.stdout:
            if found := re.search(r"http://[^:]+:(\d+)", line):
                port = int(found[1])
                break
        body = json.dumps(json.loads(options.body))
        asked(port, options.path, body, 200)
        idle, beside = [], []
        for _ in range(3):
            idle += asked(port, options.path, body, options.requests)
            clients, stop = slow_clients(port, options.slow), threading.Event()
            thread = threading.Thread(target=drip, args=(clients, stop))
            thread.start()
            beside += asked(port, options.path, body, options.requests)
            stop.set()
            thread.join()
            for client in clients:
                client.close()
            time.sleep(1)
    finally:
        server.terminate()
        server.wait()
    for name, times in (("idle", idle), (f"{options.slow} slow clients", beside)):
        print(f"{name:20} median {percentile(times, 0.5):.3f} ms, p99 {percentile(times, 0.99):.3f} ms")
    print(f"p99: {percentile(beside, 0.99) / percentile(idle, 0.99):.2f} times the idle one")


if __name__ == "__main__":
    main()
