"""What a build came to, as lines of text: one fact a line, its kind first. README.md lists the kinds."""
import gzip, hashlib, io, json, os, re, tarfile

from casefile import TIME

BUILT = 1_577_836_800  # 2020: files of a context are older, what a build makes is newer
CONFIG = ["User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal",
          "Healthcheck", "OnBuild", "Shell"]
ALWAYS = ["config", "history", "tree", "layer"]

# Around a sentence there are others that say in which part of the engine it arose; they change from version to version.
_AROUND = re.compile(
    r"ERROR: |failed to (?:build|solve): |failed to solve with frontend dockerfile\.v0: |failed to create LLB definition: "
    r"|failed to compute cache key: |failed to calculate checksum of ref [^:]+: |failed to process |"
    r"dockerfile parse error (?:on )?line \d+: ")
_LINE = re.compile(r"^\S*Dockerfile:(\d+)$|parse error (?:on )?line (\d+):", re.MULTILINE)
_ROOT = re.compile(r"/\S*/overlay2/\w+/(?:merged|diff)")  # where an old engine had the image's files
_STEP = re.compile(r"#(\d+) (\[(?!internal\])[^\]]*\d+/\d+\] (?!FROM ).*)")
_END = re.compile(r"#(\d+) (CACHED|DONE|ERROR)\b")


def of_rejection(output):
    lines = output.strip().split("\n")
    sentence = next((line for line in reversed(lines) if line.startswith("ERROR: ")), lines[-1])
    while around := _AROUND.match(sentence):
        sentence = sentence[around.end():]
    sentence = _ROOT.sub("", sentence)
    line = _LINE.search(output)
    return ["rejected", f"error {sentence}"] + ([f"line {line[1] or line[2]}"] if line else [])


def of_steps(output):
    """Which steps a build took, and which of them it took from the cache."""
    names, ends = {}, {}
    for line in output.split("\n"):
        if step := _STEP.fullmatch(line):
            names.setdefault(step[1], step[2])
        elif (end := _END.match(line)) and end[1] in names:
            ends.setdefault(end[1], "cached" if end[2] == "CACHED" else "ran")
    return sorted(f"step {names[key]}: {end}" for key, end in ends.items())


class Archive:
    """What `docker save` wrote."""

    def __init__(self, path):
        with tarfile.open(path) as tar:
            members = tar.getmembers()
            self.members = {m.name: tar.extractfile(m).read() for m in members if m.isfile()}
        for m in members:
            if m.issym():  # an old engine's layer that several images have
                self.members[m.name] = self.members[os.path.normpath(os.path.join(os.path.dirname(m.name), m.linkname))]
        self.images = {}
        for image in json.loads(self.members["manifest.json"]):
            for tag in image["RepoTags"] or []:
                self.images[tag] = image
        self.parsed = {}

    def config(self, tag):
        return json.loads(self.members[self.images[tag]["Config"]])

    def layers(self, tag):
        return [self._layer(name) for name in self.images[tag]["Layers"]]

    def _layer(self, name):
        if name not in self.parsed:
            blob = self.members[name]
            with tarfile.open(fileobj=io.BytesIO(gzip.decompress(blob) if blob[:2] == b"\x1f\x8b" else blob)) as tar:
                self.parsed[name] = _entries(tar)
        return self.parsed[name]


def _entries(tar):
    entries = {}
    for m in tar:
        path = "/" + m.name.removeprefix("./").strip("/")
        if m.islnk():
            target = "/" + m.linkname.removeprefix("./").strip("/")
            entries[path] = f"{entries[target].removesuffix(' built')} = {target}"
        elif path != "/":
            entries[path] = _entry(tar, m)
    return entries


def _entry(tar, m):
    mode, owner = f"{m.mode & 0o7777:04o}", f"{m.uid}:{m.gid}"
    when = "" if 0 <= m.mtime - TIME < 10 else " built" if m.mtime >= BUILT else f" at {int(m.mtime)}"
    attributes = "".join(f" {k.removeprefix('SCHILY.xattr.')}={json.dumps(v)}"
                         for k, v in m.pax_headers.items() if k.startswith("SCHILY.xattr."))
    if m.isdir():
        return f"folder {mode} {owner}{attributes}"
    if m.issym():
        return f"-> {m.linkname} {owner}{when}"
    if m.isfifo():
        return f"fifo {mode} {owner}{when}"
    if not m.isfile():
        return f"device {mode} {owner}"
    content = tar.extractfile(m).read()
    return f"{mode} {owner} {_shown(content)}{when}{attributes}"


def _shown(content):
    if len(content) <= 100:
        try:
            return json.dumps(content.decode(), ensure_ascii=False)
        except UnicodeDecodeError:
            pass
    return f"sha256:{hashlib.sha256(content).hexdigest()[:16]} ({len(content)} bytes)"


def of_image(archive, tag, bases):
    """Facts of an image, without what the largest of `bases` below it gave."""
    config, layers = archive.config(tag), archive.layers(tag)
    diffs = config["rootfs"]["diff_ids"] or []
    below = max((b for b in bases if diffs[: len(b["diffs"])] == b["diffs"] and _begins(config, b)),
                key=lambda b: (len(b["diffs"]), len(b["history"])), default={"diffs": [], "history": [], "config": {}})
    lines = [f"config {key} {_json(config['config'].get(key))}"
             for key in CONFIG if (config["config"].get(key) or None) != (below["config"].get(key) or None)]
    platform = "/".join(filter(None, [config["os"], config["architecture"], config.get("variant")]))
    lines += [f"config platform {platform}"] if platform != _own_platform() else []
    for entry in config["history"][len(below["history"]):]:
        sign = "-" if entry.get("empty_layer") else "+"
        lines.append(f"history {sign} {json.dumps(entry.get('created_by', ''), ensure_ascii=False)[1:-1]}")
    return lines + _files(layers, len(below["diffs"]))


def _json(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False) if value else "-"


def _begins(config, base):
    texts = [entry.get("created_by") for entry in config["history"]]
    return texts[: len(base["history"])] == base["history"]


def _own_platform():
    return {"x86_64": "linux/amd64", "aarch64": "linux/arm64"}.get(os.uname().machine, os.uname().machine)


def _files(layers, skipped):
    tree, origin, listed = {}, {}, []
    for number, layer in enumerate(layers):
        shown = []
        for path, fact in sorted(layer.items()):
            folder, _, name = path.rpartition("/")
            if name == ".wh..wh..opq":
                gone = [p for p in tree if p.startswith(folder + "/") and origin[p] < number]
                shown += [f"-{folder}/*"] if gone else []
            elif name.startswith(".wh."):
                target = f"{folder}/{name[4:]}"
                gone = [p for p in tree if p == target or p.startswith(target + "/")]
                shown.append("-" + target)
            else:
                # Some storage drivers keep what is as it was below.
                if tree.get(path) == fact:
                    continue
                gone = [] if fact.startswith("folder ") else [p for p in tree if p.startswith(path + "/")]
                tree[path], origin[path] = fact, number
                shown.append(path + "/" * fact.startswith("folder "))
            for p in gone:
                tree.pop(p), origin.pop(p)
        if number >= skipped:
            listed.append(f"layer {number - skipped + 1}: {' '.join(shown)}".rstrip())
    lines = [f"tree {_named(path, fact)}" for path, fact in sorted(tree.items()) if origin[path] >= skipped]
    return lines + listed


def _named(path, fact):
    path = path if path.isprintable() and " " not in path else json.dumps(path)
    return f"{path}/ {fact.removeprefix('folder ')}" if fact.startswith("folder ") else f"{path} {fact}"


def of_base(archive, tag):
    config = archive.config(tag)
    return {"diffs": config["rootfs"]["diff_ids"] or [],
            "config": config["config"], "history": [entry.get("created_by") for entry in config["history"]]}
