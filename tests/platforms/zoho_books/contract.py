import json, os


def check(operation, answer):
    if operation and answer.header("Content-Type") == "application/json":
        with open(f"/tmp/zoho_obs/{os.getpid()}.jsonl", "ab") as f:
            f.write(json.dumps([operation, answer.status]).encode() + b"\t" + answer.body + b"\n")
