"""Tests the echo kernel with jupyter_client: python3 echo_client.py KERNELNAME

Each check prints a line; the first failed check ends the script with status 1.
"""

import os
import signal
import subprocess
import sys
import time

import zmq
from jupyter_client.manager import KernelManager, start_new_kernel

TIMEOUT = 20


def check(what, holds):
    print(("ok   " if holds else "FAIL ") + what, flush=True)
    if not holds:
        sys.exit(1)


def run(client, code, **options):
    """The reply to a cell and every message under it, in order."""
    heard = []
    reply = client.execute_interactive(
        code, output_hook=heard.append, timeout=TIMEOUT, allow_stdin=options.pop("allow_stdin", False), **options
    )
    return reply, heard


def texts(heard):
    return "".join(m["content"]["text"] for m in heard if m["msg_type"] == "stream")


def cells(client):
    reply, heard = run(client, "echo héllo 😀\nerr careful\nshow thing")
    check("a cell is answered ok", reply["content"]["status"] == "ok" and reply["content"]["execution_count"] == 1)
    check("its streams come whole", texts(heard) == "héllo 😀\ncareful\n")
    kinds = [m["msg_type"] for m in heard]
    check("a result comes last before idle", kinds[-2:] == ["execute_result", "status"])
    check("every message has its parent", all(m["parent_header"]["msg_id"] == reply["parent_header"]["msg_id"] for m in heard))
    check("dates are read", reply["header"]["date"] is not None and reply["parent_header"]["date"] is not None)
    reply, heard = run(client, "lines 10000")
    check("10,000 lines in order", texts(heard) == "".join(f"line {i}\n" for i in range(1, 10001)))
    reply, heard = run(client, "fail it broke")
    check("a failure is an error", reply["content"]["status"] == "error" and reply["content"]["ename"] == "Failed")


def looks(client):
    reply = client.complete("😀 ec", 4, reply=True, timeout=TIMEOUT)
    check("completion counts code points", reply["content"]["matches"] == ["echo"] and reply["content"]["cursor_start"] == 2)
    reply = client.inspect("echo", 4, reply=True, timeout=TIMEOUT)
    check("inspection finds", reply["content"]["found"])
    client.is_complete("RUN a \\")
    reply = client.get_shell_msg(timeout=TIMEOUT)
    check("completeness", reply["content"]["status"] == "incomplete")
    reply = client.history(hist_access_type="tail", n=2, output=False, raw=True, reply=True, timeout=TIMEOUT)
    check("history", [h[2] for h in reply["content"]["history"]] == ["lines 10000", "fail it broke"])
    reply = client.kernel_info(reply=True, timeout=TIMEOUT)
    check("the language", reply["content"]["language_info"]["name"] == "dockerfile")
    reply = client.comm_info(reply=True, timeout=TIMEOUT)
    check("no comms", reply["content"]["comms"] == {})


def questions(client):
    asked = []

    def answer(message):
        asked.append((message["content"]["prompt"], message["content"]["password"]))
        client.input("Ann")

    _, heard = run(client, "ask Name?\nsecret Word?", allow_stdin=True, stdin_hook=answer)
    check("questions are asked", asked == [("Name?", False), ("Word?", True)])
    check("and answered", texts(heard) == "Ann\nAnn\n")


def interrupts(manager, client):
    request = client.execute("block")
    while client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "execute_input":
        pass
    before = time.monotonic()
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=TIMEOUT)
    check("an interrupt ends the cell", reply["parent_header"]["msg_id"] == request and reply["content"]["ename"] == "Interrupted")
    check("within a second", time.monotonic() - before < 1)


def heartbeat(client):
    client.hb_channel.unpause()
    time.sleep(2)
    check("the heart beats", client.hb_channel.is_beating())


def restarts(manager, client):
    for how in ("asked", "killed"):
        if how == "killed":
            client.execute("block")
            manager.provisioner.process.send_signal(signal.SIGKILL)
        manager.restart_kernel(now=how == "killed")
        client.wait_for_ready(timeout=TIMEOUT)
        reply, _ = run(client, "echo again")
        check(f"restarted ({how}) on the same ports, it counts from 1", reply["content"]["execution_count"] == 1)


def shutdown(manager, client):
    process = manager.provisioner.process
    client.shutdown(reply=True, timeout=TIMEOUT)
    check("a shutdown ends with status 0", process.wait(TIMEOUT) == 0)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def encrypted(name):
    manager = KernelManager(kernel_name=name)
    if not hasattr(manager, "transport_encryption"):
        print("skip encryption: this jupyter_client has none")
        return
    if not zmq.has("curve"):
        print("skip encryption: this libzmq has none")
        return
    manager.transport_encryption = "required"
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=TIMEOUT)
    reply, heard = run(client, "echo secret")
    check("an encrypted connection works", texts(heard) == "secret\n")
    client.stop_channels()
    manager.shutdown_kernel()


def main(name):
    manager, client = start_new_kernel(kernel_name=name)
    try:
        cells(client)
        looks(client)
        questions(client)
        interrupts(manager, client)
        heartbeat(client)
        restarts(manager, client)
        shutdown(manager, client)
    finally:
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)
    encrypted(name)


main(sys.argv[1])
