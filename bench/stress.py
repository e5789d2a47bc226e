"""Stress test for one store. Many processes build, prune, remove, tag, save and load at the same time; then other processes
are killed at random moments. At the end the store must be undamaged, and a prune must leave no temporary files and leases.

usage: stress.py LAYERBOOK [--seconds N] [--processes N] [--kills N]

Needs a static busybox, and python3-psutil for the kills. Exits with 1 if there was a failure.
"""
import argparse
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("layerbook")
parser.add_argument("--seconds", type=float, default=20)
parser.add_argument("--processes", type=int, default=5)
parser.add_argument("--kills", type=int, default=0, help="processes to kill for each command")
args = parser.parse_args()

work = tempfile.mkdtemp(prefix="layerbook-stress-")
home = os.environ["LAYERBOOK_HOME"] = os.path.join(work, "store")
chance = random.Random(1)
wrong = []


def start(cells, **streams):
    command = [args.layerbook, "--keep-going"]
    for cell in cells:
        command += ["-c", cell]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True, cwd=work, **streams)


def run(*cells):
    process = start(cells, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0]
    if process.returncode:
        wrong.append(f"{cells}: {output[-500:]}")
    return output


def verify(after):
    found = subprocess.run([args.layerbook, "doctor", "--verify"], capture_output=True, text=True)
    if found.returncode:
        wrong.append(f"the store is damaged after {after}:\n{found.stdout}")
    return "undamaged" if not found.returncode else "DAMAGED"


def prepare():
    busybox = next(p for p in ("/bin/busybox", "/usr/bin/busybox") if os.path.exists(p))
    with tarfile.open(f"{work}/root.tar", "w") as tar:
        tar.add(busybox, "bin/busybox")
        for name in ("sh", "cat", "wc", "echo"):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    with open(f"{work}/big", "wb") as file:
        file.write(os.urandom(3_000_000))
    run("docker import root.tar base", "docker save -o base.tar base", "FROM base\nCOPY big /", "docker tag @ web",
        "docker save -o web.tar web")
    for variant in range(4):
        os.makedirs(f"{work}/c{variant}")
        with open(f"{work}/c{variant}/data", "w") as file:
            file.write(f"{variant}\n" * 20_000)
        with open(f"{work}/c{variant}/Dockerfile", "w") as file:
            file.write("FROM base AS a\nWORKDIR /w\nCOPY data .\nRUN wc data > n\n"
                       "FROM base\nCOPY --from=a /w/n /n\nRUN cat /n > /m\n")


def together():
    def script(who):
        image = f"img{chance.randrange(4)}:{who}"
        build = f"docker build -q -t {image} c{image[3]}"
        return chance.choice([
            [build, build],
            [build, f"docker tag {image} t:{who}", f"docker rmi t:{who}", f"docker rmi {image}"],
            [build, f"docker save -o s{who}.tar {image}", f"docker rmi {image}", f"docker load -q -i s{who}.tar", build],
            ["docker builder prune -af", build],
            ["docker image prune -af", "docker load -q -i base.tar", build],
            [f"FROM base\nRUN echo {chance.randrange(3)} > /x", f"docker tag @ cell:{who}", f"docker rmi -f cell:{who}", "RUN cat /x"],
        ])

    # Uses the base image all the time, so that no prune removes it.
    holder = subprocess.Popen([args.layerbook], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=work)
    holder.stdin.write("FROM base\n")
    holder.stdin.flush()
    end, running, processes, builds = time.time() + args.seconds, {}, 0, 0
    while time.time() < end or running:
        for who in range(args.processes):
            if who in running and running[who][0].poll() is not None:
                process, cells = running.pop(who)
                output = process.communicate()[0]
                builds += sum("build -q" in cell or "RUN" in cell for cell in cells)
                # Another process may have pruned the image.
                bad = [line for line in output.splitlines() if ("rror" in line or "×" in line) and "No such image" not in line
                       and "reference does not exist" not in line]
                if bad:
                    wrong.append(f"{cells}\n{output[-1000:]}")
            if who not in running and time.time() < end:
                cells = ["docker load -q -i base.tar", *script(who)]
                running[who] = (start(cells, stdout=subprocess.PIPE, stderr=subprocess.STDOUT), cells)
                processes += 1
        time.sleep(0.01)
    holder.stdin.close()
    holder.wait()
    print(f"{processes} processes, {builds} builds, {len(wrong)} with failures; the store is {verify('parallel use')}", flush=True)


def killed():
    import psutil

    def alive(process):
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    load = ["docker load -q -i web.tar"]
    for name, before, cells in [
        ("load", [], load),
        ("save", load, ["docker save -o out.tar web"]),
        ("import", [], ["docker import root.tar imported"]),
        ("rmi", load, ["docker rmi web"]),
        ("tag", load, [f"docker tag web t{i}" for i in range(30)] + [f"docker rmi t{i}" for i in range(30)]),
        ("prune", load, ["docker system prune -af"]),
        ("build", load, ["docker build -q --no-cache -t b - <<'E'\nFROM web\nWORKDIR /x\nE", "docker rmi b"]),
    ]:
        begin = time.time()
        run(*(before or ["docker images -q"]))
        middle = time.time()
        run(*before, *cells)
        setup, whole = middle - begin, time.time() - middle
        hits = 0
        for _ in range(args.kills):
            process = start([*before, *cells], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            time.sleep(chance.uniform(setup * 0.7, max(setup, whole) * 1.05))
            try:
                top = psutil.Process(process.pid)
                family = [top, *top.children(recursive=True)]
                hits += process.poll() is None
                chance.choice([top, *(p for p in family if "java" in p.name())]).kill()
            except psutil.NoSuchProcess:
                family = []
            end = time.time() + 5
            while time.time() < end and any(map(alive, family)):
                time.sleep(0.02)
            with open("/proc/self/mounts") as mounts:
                if any(map(alive, family)) or home in mounts.read():
                    wrong.append(f"{name}: a process or a mount was left")
            process.wait()
        state = verify(name)
        run("docker system prune -af")
        left = [f"{folder}/{entry}" for folder in ("tmp", "leases") for entry in os.listdir(f"{home}/{folder}")]
        if left:
            wrong.append(f"{name}: left after a prune: {left}")
        print(f"{name}: {args.kills} processes, {hits} killed while running; the store is {state}", flush=True)


prepare()
together()
if args.kills:
    killed()
subprocess.run(["rm", "-rf", work], check=True)
print("\n".join(wrong) or "no failures")
sys.exit(1 if wrong else 0)
