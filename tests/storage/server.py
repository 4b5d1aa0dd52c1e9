#!/usr/bin/env python3
"""Two servers on this machine, for s3.cpp: server.py FOLDER

The first is moto (pip install "moto[server]==5.2.5"), an S3 storage whose bucket "bucket" holds the files of FOLDER. The second
answers every question with the status that the name of the bucket says (s403, s301). Prints their addresses, a line each, "-"
where moto is not there. A line "put KEY FILE" on standard input changes an object and is answered with "done"; the end of the
input ends both."""
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Refusing(BaseHTTPRequestHandler):
    def do_HEAD(self):
        status = int(self.path.lstrip("/").split("/")[0][1:4])
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 301:
            self.send_header("x-amz-bucket-region", "eu-north-1")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *_):
        pass


def storage(folder):
    try:
        import boto3
        from moto.server import ThreadedMotoServer
    except ImportError:
        return "-", None
    import logging
    logging.disable(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://%s:%d" % server.get_host_and_port()
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s")
    client.create_bucket(Bucket="bucket")
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            client.upload_file(str(file), "bucket", str(file.relative_to(folder)))
    return address, client


def main():
    address, client = storage(Path(sys.argv[1]))
    refusing = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=refusing.serve_forever, daemon=True).start()
    print(address, flush=True)
    print("http://127.0.0.1:%d" % refusing.server_address[1], flush=True)
    for line in sys.stdin:
        _, key, file = line.split()
        client.upload_file(file, "bucket", key)
        print("done", flush=True)


main()
