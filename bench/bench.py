"""Compares Layerbook with known tools and prints the ratios of medians, all measured in one run.

usage: bench.py LAYERBOOK [--runs N] [--only kernels|session|graph|many|registry]...

Each pair is measured alternately (A B A B …), so that changes in the machine's speed affect both.
"""
import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

import zmq
from jupyter_client.manager import KernelManager

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("layerbook")
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--only", action="append", default=[], choices=["kernels", "session", "graph", "many", "registry"])
args = parser.parse_args()

DOCKERFILE = """FROM busybox
ENV GREETING=hello
WORKDIR /app
RUN echo "$GREETING" > one
COPY data.txt .
RUN wc -c data.txt > two
RUN cat one two > three
CMD ["cat", "three"]
"""


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def medians(runs, **actions):
    """Median seconds of each action, measured alternately."""
    taken = {name: [] for name in actions}
    for _ in range(runs):
        for name, action in actions.items():
            taken[name].append(seconds(action))
    return {name: statistics.median(values) for name, values in taken.items()}


@contextlib.contextmanager
def kernel(name, cwd, **environment):
    manager = KernelManager(kernel_name=name)
    manager.start_kernel(cwd=cwd, stderr=subprocess.DEVNULL, env={**os.environ, **environment})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)


def execute(client, code):
    reply = client.execute_interactive(code, timeout=600, output_hook=lambda message: None)
    if reply["content"]["status"] != "ok":
        sys.exit(f"{code!r} failed: {json.dumps(reply['content'])[:800]}")


def pss_mib(pid):
    import psutil

    total = 0
    process = psutil.Process(pid)
    for member in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError, PermissionError):
            with open(f"/proc/{member.pid}/smaps_rollup") as rollup:
                total += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return total / 1024


def start_and_trivial(name, code, cwd):
    """Returns seconds from launch to the first reply, seconds of a trivial cell, MiB of memory."""
    manager = KernelManager(kernel_name=name)
    start = time.perf_counter()
    manager.start_kernel(cwd=cwd, stderr=subprocess.DEVNULL, env={**os.environ, "LAYERBOOK_HOME": f"{cwd}/empty"})
    client = manager.client()
    # By default a client tries to connect every 100 ms, which would dominate the result.
    client.context.setsockopt(zmq.RECONNECT_IVL, 10)
    client.start_channels(hb=False)
    client.kernel_info()
    client.get_shell_msg(timeout=60)
    first = time.perf_counter() - start
    client.wait_for_ready(timeout=60)
    execute(client, code)
    trips = sorted(seconds(lambda: execute(client, code)) for _ in range(200))
    memory = pss_mib(manager.provisioner.process.pid)
    client.stop_channels()
    manager.shutdown_kernel(now=False)
    return first, trips[100], memory


def row(what, ours, theirs, unit, other, limit):
    ratio = ours / theirs if theirs else float("inf")
    print(f"{what:44} {ours:9.2f} {unit:3} {theirs:9.2f} {unit:3} {other:28} {ratio:6.2f}  (limit {limit})", flush=True)


def bench_kernels(work):
    found = {"layerbook": [], "python3": []}
    for _ in range(args.runs):
        found["layerbook"].append(start_and_trivial("layerbook", "docker images -q", work))
        found["python3"].append(start_and_trivial("python3", "1+1", work))
    ours, theirs = ([statistics.median(column) for column in zip(*found[name])] for name in ("layerbook", "python3"))
    row("kernel, launch to first reply", ours[0] * 1e3, theirs[0] * 1e3, "ms", "ipykernel", 1.0)
    row("kernel, trivial cell", ours[1] * 1e3, theirs[1] * 1e3, "ms", "ipykernel", 0.5)
    row("kernel, memory (PSS)", ours[2], theirs[2], "MiB", "ipykernel", 2.0)


def bench_build(client, work):
    context = os.path.join(work, "eight")
    os.makedirs(context)
    with open(f"{context}/Dockerfile", "w") as file:
        file.write(DOCKERFILE)
    with open(f"{context}/data.txt", "w") as file:
        file.write("data\n" * 1000)
    build = f"docker build -q -t bench {context}"
    execute(client, build)
    for _ in range(10):
        execute(client, build)
    found = medians(args.runs * 4, cached=lambda: execute(client, build), nothing=lambda: execute(client, "# nothing"))
    row("8 instructions, all cached", (found["cached"] - found["nothing"]) * 1e3, 10, "ms", "limit of 10 ms", 1.0)


def graph(folder):
    """Writes a Dockerfile with 50 stages and 500 steps, each stage used by the next, and its context."""
    os.makedirs(folder)
    lines = []
    for stage in range(50):
        with open(f"{folder}/f{stage}", "w") as file:
            file.write(f"file {stage}\n" * 100)
        lines += [
            f"FROM {'busybox' if stage % 5 == 0 else f's{stage - 1}'} AS s{stage}",
            f"ARG V{stage}=1",
            f"ENV E{stage}=x",
            f"WORKDIR /w{stage}",
            f"COPY f{stage} a",
            f"COPY f{(stage + 1) % 50} b",
            "RUN cat a b > c",
            f"LABEL l{stage}=1",
            f"COPY --from=s{stage - 1} /w{stage - 1}/c /w{stage}/d" if stage else "RUN touch d",
            f"CMD {stage}",
        ]
    with open(f"{folder}/Dockerfile", "w") as file:
        file.write("\n".join(lines) + "\n")


def bench_graph(work):
    graph(os.path.join(work, "graph"))
    build = f"docker build -q -t graph {work}/graph"
    with kernel("layerbook", work) as client:
        execute(client, build)
    first, warm = [], []
    for _ in range(args.runs):
        with kernel("layerbook", work) as client:
            execute(client, "docker images -q")
            first.append(seconds(lambda: execute(client, build)))
            warm += [seconds(lambda: execute(client, build)) for _ in range(15)][10:]
    row("500 steps in 50 stages, all cached, first", statistics.median(first) * 1e3, 100, "ms", "limit of 100 ms", 1.0)
    row("500 steps in 50 stages, all cached, warm", statistics.median(warm) * 1e3, 100, "ms", "limit of 100 ms", 1.0)


def many_images(path, count):
    """Writes an archive of this many images, each with a name, all with the same layer."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        info = tarfile.TarInfo("file")
        info.size = 5
        tar.addfile(info, io.BytesIO(b"text\n"))
    digest = hashlib.sha256(layer.getvalue()).hexdigest()

    def add(tar, name, data):
        info = tarfile.TarInfo(name)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))

    with tarfile.open(path, "w") as tar:
        add(tar, "layer.tar", layer.getvalue())
        manifest = []
        for i in range(count):
            config = {
                "architecture": "amd64", "os": "linux", "created": "2026-01-01T00:00:00Z",
                "config": {"Labels": {"number": str(i)}}, "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest]},
            }
            data = json.dumps(config).encode()
            name = hashlib.sha256(data).hexdigest() + ".json"
            add(tar, name, data)
            manifest.append({"Config": name, "RepoTags": [f"many/repo-{i % 500}:v{i}"], "Layers": ["layer.tar"]})
        add(tar, "manifest.json", json.dumps(manifest).encode())


def bench_many(work):
    store = os.path.join(work, "many")
    many_images(f"{work}/many.tar", 10_000)
    os.environ["LAYERBOOK_HOME"] = store
    try:
        with kernel("layerbook", work) as client:
            execute(client, f"docker load -q -i {work}/many.tar")
            execute(client, "docker images -q")

        def complete(client):
            client.complete("docker rmi many/repo-12", 23, reply=True, timeout=60)

        found = {"list, first": [], "list, warm": [], "complete, first": [], "complete, warm": [], "tag": [], "rmi": []}
        number = iter(range(10_000))
        for _ in range(args.runs):
            with kernel("layerbook", work) as client:
                found["complete, first"].append(seconds(lambda: complete(client)))
                found["complete, warm"] += [seconds(lambda: complete(client)) for _ in range(9)][4:]
                found["list, first"].append(seconds(lambda: execute(client, "docker images -q")))
                found["list, warm"] += [seconds(lambda: execute(client, "docker images -q")) for _ in range(9)][4:]
                for _ in range(5):
                    i = next(number)
                    found["tag"].append(seconds(lambda: execute(client, f"docker tag many/repo-{i % 500}:v{i} x:{i}")))
                    execute(client, f"docker rmi x:{i}")
                    found["rmi"].append(seconds(lambda: execute(client, f"docker rmi many/repo-{i % 500}:v{i}")))
        for what, limit in (("list, first", 100), ("list, warm", 100), ("complete, first", 30), ("complete, warm", 30),
                            ("tag", 30), ("rmi", 30)):
            row(f"10,000 images: {what}", statistics.median(found[what]) * 1e3, limit, "ms", f"limit of {limit} ms", 1.0)
    finally:
        del os.environ["LAYERBOOK_HOME"]


def bench_run(client, work):
    bundle = os.path.join(work, "bundle")
    os.makedirs(f"{bundle}/rootfs/bin")
    busybox = shutil.which("busybox")
    shutil.copy(busybox, f"{bundle}/rootfs/bin/busybox")
    os.symlink("busybox", f"{bundle}/rootfs/bin/sh")
    os.symlink("busybox", f"{bundle}/rootfs/bin/true")
    subprocess.run(["runc", "spec"], cwd=bundle, check=True)
    with open(f"{bundle}/config.json") as file:
        spec = json.load(file)
    spec["process"].update(terminal=False, args=["/bin/sh", "-c", "true"])
    spec["root"]["readonly"] = False
    spec["linux"]["namespaces"] = [n for n in spec["linux"]["namespaces"] if n["type"] != "network"]
    with open(f"{bundle}/config.json", "w") as file:
        json.dump(spec, file)
    counter = iter(range(1 << 30))
    execute(client, "FROM busybox")
    found = medians(
        args.runs * 4,
        bare=lambda: subprocess.run(["runc", "run", f"bench{next(counter)}"], cwd=bundle, check=True, stdin=subprocess.DEVNULL),
        ours=lambda: execute(client, f"RUN true {next(counter)} {time.time_ns()}"),
    )
    row("RUN true (runc run + 30 ms)", found["ours"] * 1e3, found["bare"] * 1e3 + 30, "ms", "runc run + 30 ms", 1.0)


def bench_copy(client, work):
    tree = os.path.join(work, "tree")
    for folder in range(100):
        os.makedirs(f"{tree}/d{folder}")
        for name in range(200):
            with open(f"{tree}/d{folder}/f{name}", "wb") as file:
                file.write(os.urandom(5300))
    for name in range(4):
        with open(f"{tree}/big{name}", "wb") as file:
            for _ in range(64):
                file.write(os.urandom(1 << 20))
    stamp = iter(range(1 << 30))

    def ours():
        # different content each time, so that nothing is cached
        with open(f"{tree}/stamp", "w") as file:
            file.write(str(next(stamp)))
        for folder in range(100):
            for name in range(200):
                os.utime(f"{tree}/d{folder}/f{name}")
        for name in range(4):
            os.utime(f"{tree}/big{name}")
        start = time.perf_counter()
        execute(client, "%new copy\n%context " + tree + "\nFROM scratch\nCOPY . /tree")
        return time.perf_counter() - start

    theirs, mine = [], []
    for _ in range(max(3, args.runs // 2)):
        theirs.append(seconds(lambda: subprocess.run(f"tar -cf - -C {tree} . | sha256sum", shell=True, check=True, stdout=subprocess.DEVNULL)))
        mine.append(ours())
    row("COPY of 20,000 small files and 4 x 64 MiB", statistics.median(mine), statistics.median(theirs), "s", "tar -cf - . | sha256sum", 2.5)


def image_of_300_mb(folder):
    """Writes a Dockerfile with five layers of 60 MB each: programs, libraries and text of this machine, as in typical images."""
    files = []
    for place in ("/usr/bin", "/usr/lib", "/usr/share"):
        for parent, _, names in os.walk(place):
            files += [os.path.join(parent, name) for name in names]
    files = sorted(f for f in files if os.path.isfile(f) and not os.path.islink(f) and 0 < os.path.getsize(f) < 12_000_000)
    random.Random(1).shuffle(files)
    rest = iter(files)
    for number in range(5):
        size = 0
        with tarfile.open(f"{folder}/{number}.tar", "w") as tar:
            while size < 60_000_000:
                file = next(rest)
                tar.add(file, f"layer{number}{file}", recursive=False)
                size += os.path.getsize(file)
    with open(f"{folder}/Dockerfile", "w") as file:
        file.write("FROM scratch\n" + "".join(f"ADD {number}.tar /\n" for number in range(5)))


@contextlib.contextmanager
def practice_registry(work):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    with open(f"{work}/registry.yml", "w") as file:
        file.write(f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {work}/registry}}}}\nhttp: {{addr: '{host}'}}\n")
    server = subprocess.Popen(["docker-registry", "serve", f"{work}/registry.yml"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(tuple(host.split(":"))):
                break
            time.sleep(0.05)
        yield host
    finally:
        server.kill()
        server.wait()


def bench_registry(work):
    missing = [program for program in ("docker-registry", "buildah") if not shutil.which(program)]
    if missing or os.geteuid() != 0:
        print(f"pull and push are not measured: {', '.join(missing) + ' not found' if missing else 'buildah needs root here'}")
        return
    big = f"{work}/big"
    os.makedirs(big)
    image_of_300_mb(big)
    # A separate home directory, because buildah caches blobs there and would skip work.
    environment = {**os.environ, "HOME": f"{work}/home"}
    os.makedirs(environment["HOME"])

    # Nothing is removed before the end: ext4 is slow to free files that have just been used.
    def buildah(*words, store="buildah"):
        command = ["buildah", "--root", f"{work}/{store}", "--runroot", f"{work}/buildah-run", "--storage-driver", "overlay", *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)

    used = iter(range(1 << 30))

    def fresh_registry():
        if os.path.exists(f"{work}/registry"):
            os.rename(f"{work}/registry", f"{work}/registry{next(used)}")

    def settled(action):
        """Seconds of the action, without the time to write earlier changes to the disk."""
        os.sync()
        return seconds(action)

    found = {"push": ([], []), "pull": ([], [])}
    again = []
    buildah("bud", "-q", "--layers", "-t", "big", big)
    with practice_registry(work) as host:
        for turn in range(3):
            shutil.rmtree(f"{environment['HOME']}/.local/share/containers/cache", ignore_errors=True)
            fresh_registry()
            found["push"][1].append(settled(lambda: buildah("push", "-q", "--tls-verify=false", "big", f"docker://{host}/theirs:1")))
            fresh_registry()
            with kernel("layerbook", work, LAYERBOOK_HOME=f"{work}/pushing{turn}") as client:
                execute(client, f"docker build -q -t {host}/ours:1 {big}")
                found["push"][0].append(settled(lambda: execute(client, f"docker push -q {host}/ours:1")))
            with kernel("layerbook", work, LAYERBOOK_HOME=f"{work}/pulling{turn}") as client:
                execute(client, "docker images")
                found["pull"][0].append(settled(lambda: execute(client, f"docker pull -q {host}/ours:1")))
                again += [seconds(lambda: execute(client, f"docker pull -q {host}/ours:1")) for _ in range(10)]
            found["pull"][1].append(settled(lambda: buildah("pull", "-q", "--tls-verify=false", f"{host}/ours:1", store=f"pulled{turn}")))
    for what, (mine, theirs) in found.items():
        row(f"docker {what}, 5 layers, 300 MB (best of 3)", min(mine), min(theirs), "s", f"buildah {what}", 0.6)
    row("docker pull, nothing to download", statistics.median(again) * 1e3, 50, "ms", "limit of 50 ms", 1.0)


def bench_session(work):
    with kernel("layerbook", work) as client:
        bench_build(client, work)
        bench_run(client, work)
        bench_copy(client, work)


def main():
    work = tempfile.mkdtemp(prefix="layerbook-bench-")
    print(f"{'':44} {'Layerbook':>13} {'other':>13} {'':28}  ratio")
    try:
        for name, bench in (("kernels", bench_kernels), ("session", bench_session), ("graph", bench_graph),
                            ("many", bench_many), ("registry", bench_registry)):
            if not args.only or name in args.only:
                bench(work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
