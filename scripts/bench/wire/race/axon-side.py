"""Bittensor's own axon and dendrite, one on each side of a race; see side.ts for what is said on stdin and stdout."""

import asyncio
import json
import sys
import tempfile
import time

import bittensor
from bittensor.core.chain_data import AxonInfo
from bittensor.utils import networking

# Both ask services on the internet for their own address, which nobody here needs.
networking.get_external_ip = lambda: "127.0.0.1"


class Answered(bittensor.Synapse):
    prompt: str
    answer: str = ""


def say(line):
    print(json.dumps(line), flush=True)


def wallet_of(seed, side):
    folder = tempfile.mkdtemp(prefix="starling-wire-")
    wallet = bittensor.Wallet(name=f"{side}{seed}", hotkey="hotkey", path=folder)
    wallet.create_if_non_existent(coldkey_use_password=False, hotkey_use_password=False, suppress=True)
    return wallet


def serve(task):
    text = "x" * task["textBytes"]

    def forward(synapse: Answered) -> Answered:
        synapse.answer = text
        synapse.prompt = ""
        return synapse

    wallet = wallet_of(task["seed"], "server")
    port = free_port()
    axon = bittensor.Axon(wallet=wallet, port=port, ip="127.0.0.1", external_ip="127.0.0.1", external_port=port)
    # It would listen to everybody.
    axon.fast_config.host = "127.0.0.1"
    axon.attach(forward_fn=forward)
    axon.start()
    say({"port": port, "hotkey": wallet.hotkey.ss58_address})
    for _ in sys.stdin:
        say({"cpuMs": time.process_time() * 1000})
    axon.stop()


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def ask(task):
    dendrite = bittensor.Dendrite(wallet=wallet_of(task["seed"], "client"))
    target = AxonInfo(
        version=1, ip="127.0.0.1", port=task["port"], ip_type=4, hotkey=task["hotkey"], coldkey=task["hotkey"]
    )
    prompt = "x" * task["textBytes"]
    say({"ready": True})
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        say(await run(dendrite, target, prompt, task["inFlight"], json.loads(line)["ms"] / 1000))
        # It keeps a record of every call for ever.
        dendrite.synapse_history.clear()


async def run(dendrite, target, prompt, in_flight, seconds):
    began, cpu, done, failed = time.monotonic(), time.process_time(), 0, 0

    async def lane():
        nonlocal done, failed
        while time.monotonic() - began < seconds:
            answer = await dendrite.call(target, Answered(prompt=prompt), timeout=30, deserialize=False)
            if answer.is_success and len(answer.answer) == len(prompt):
                done += 1
            else:
                failed += 1

    await asyncio.gather(*(lane() for _ in range(in_flight)))
    ms = (time.monotonic() - began) * 1000
    return {"exchanges": done, "failed": failed, "ms": ms, "cpuMs": (time.process_time() - cpu) * 1000}


task = json.loads(sys.argv[2])
if sys.argv[1] == "server":
    serve(task)
else:
    asyncio.run(ask(task))
