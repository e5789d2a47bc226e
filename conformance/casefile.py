"""The format of cases/*.txt; README.md describes it."""
import bz2, gzip, io, json, lzma, os, re, tarfile
from dataclasses import dataclass, field
from pathlib import Path

TIME = 1_000_000_000  # of every file of a context: 2001, so that it is not the time of a build; see Suite.build
BUSYBOX = Path(os.environ.get("BUSYBOX", "/bin/busybox"))  # a static one

_CASE = re.compile(r"=== ([a-z0-9-]+): (.+)")
_ENTRY = re.compile(r'("(?:[^"\\]|\\.)*"|\S+)\s*(.*)')


@dataclass
class Section:
    head: str
    lines: list[str] = field(default_factory=list)

    @property
    def kind(self):
        return self.head.partition(" ")[0]

    @property
    def rest(self):
        return self.head.partition(" ")[2]

    @property
    def source(self):
        """Of a verdict: an engine, a hand, or a hand that put some lines in place of an engine's."""
        return next((way for way in ("by hand", "amended") if self.rest.startswith(way + ": ")), "recorded")

    def text(self):
        return "".join(line + "\n" for line in self.lines)


@dataclass
class Build:
    """What is written first, how it is built, and what must come of it."""
    before: list[Section]
    command: Section
    verdicts: list[Section] = field(default_factory=list)

    def recorded(self):
        return next((v for v in self.verdicts if v.source == "recorded"), None)

    def by_hand(self):
        return [line for v in self.verdicts if v.source != "recorded" for line in v.lines]

    def wants_record(self):
        return all(v.source != "by hand" for v in self.verdicts)


@dataclass
class Case:
    theme: str
    name: str
    rule: str
    builds: list[Build]


@dataclass
class Theme:
    path: Path
    head: list[str]
    shared: list[Section]
    cases: list[Case]

    @property
    def name(self):
        return self.path.stem

    def write(self):
        lines = list(self.head)
        for case in self.cases:
            lines += ["", f"=== {case.name}: {case.rule}"]
            sections = [s for build in case.builds for s in [*build.before, build.command, *build.verdicts]]
            lines += sections[0].lines
            for section in sections[1:]:
                if section.head != "build":
                    lines += [f"--- {section.head}", *section.lines]
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path):
    head, shared, cases = [], [], []
    sections = None
    for line in path.read_text(encoding="utf-8").split("\n"):
        if case := _CASE.fullmatch(line):
            sections = [Section("Dockerfile")]
            cases.append((case[1], case[2], sections))
        elif sections is None:
            head.append(line)
            if line.startswith("--- "):
                shared.append(Section(line[4:]))
            elif shared:
                shared[-1].lines.append(line)
        elif line.startswith("--- "):
            sections.append(Section(line[4:]))
        else:
            sections[-1].lines.append(line)
    for section in [*shared, *(s for _, _, found in cases for s in found[-1:])]:
        while section.lines and not section.lines[-1]:
            section.lines.pop()
    while head and not head[-1]:
        head.pop()
    return Theme(path, head, shared, [Case(path.stem, name, rule, _builds(found)) for name, rule, found in cases])


def _builds(sections):
    builds, before, command = [], [], None
    for section in sections:
        if section.kind == "verdict":
            if before or command:
                builds.append(Build(before, command or Section("build")))
                before, command = [], None
            builds[-1].verdicts.append(section)
        elif section.kind in ("build", "run"):
            if command:
                builds.append(Build(before, command))
                before = []
            command = section
        else:
            if command:
                builds.append(Build(before, command))
                before, command = [], None
            before.append(section)
    if before or command:
        builds.append(Build(before, command or Section("build")))
    return builds


class Context:
    """The context of a case, in a folder that holds its Dockerfile and whatever else it needs."""

    def __init__(self, path, time=TIME):
        self.path = path
        self.time = time
        path.mkdir(parents=True, exist_ok=True)

    def place(self, section):
        """Writes what a section says."""
        match section.kind:
            case "Dockerfile":
                (self.path.parent / "Dockerfile").write_bytes(_bytes(section.text(), section.rest.split()))
            case "context":
                for line in section.lines:
                    self._entry(line)
            case "file":
                name, *flags = section.rest.split()
                self._write(name, _bytes(section.text(), flags), 0o644)
            case "tar":
                name, *compression = section.rest.split()
                self._write(name, _tar(section.lines, *compression), 0o644)
            case kind:
                raise ValueError(f"no section is called {kind!r}")

    def _entry(self, line):
        name, rest = _words(line)
        path = self._path(name)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
            self._finish(path, int(rest or "755", 8))
        elif rest == "rm":
            path.unlink()
        elif rest.startswith("-> "):
            path.symlink_to(rest[3:])
            os.utime(path, (self.time, self.time), follow_symlinks=False)
        elif rest.startswith("=> "):
            os.link(self.path / rest[3:], path)
        elif rest == "fifo":
            os.mkfifo(path)
            self._finish(path, 0o644)
        else:
            content, words = _content(name, rest)
            self._write(name, content, int(words[0] if words else "644", 8))

    def _path(self, name):
        path = self.path / name
        missing = [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            self._finish(folder, 0o755)
        return path

    def _write(self, name, content, mode):
        path = self._path(name)
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        self._finish(path, mode)

    def _finish(self, path, mode):
        path.chmod(mode)
        os.utime(path, (self.time, self.time))


def _bytes(text, flags):
    if "crlf" in flags:
        text = text.replace("\n", "\r\n")
    if "no-newline" in flags:
        text = text.rstrip("\r\n")
    if "escapes" in flags:  # of Python, for bytes that an editor would not keep
        return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("utf-8", "surrogateescape")
    return (b"\xef\xbb\xbf" if "bom" in flags else b"") + text.encode()


def _words(line):
    name, rest = _ENTRY.fullmatch(line).groups()
    return json.loads(name) if name.startswith('"') else name, rest


def _content(name, rest):
    """The content of a file, and what follows it: a file that names none holds its own name."""
    if rest.startswith('"'):
        text, end = json.JSONDecoder().raw_decode(rest)
        return text.encode("utf-8", "surrogateescape"), rest[end:].split()
    if rest.startswith("@busybox"):
        return BUSYBOX.read_bytes(), rest.split()[1:]
    return (os.path.basename(name) + "\n").encode(), rest.split()


def _tar(lines, compression=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for line in lines:
            name, rest = _words(line)
            owner = re.search(r" (\d+):(\d+)$", rest)
            rest = rest[: owner.start()] if owner else rest
            info = tarfile.TarInfo(name.rstrip("/"))
            info.mtime = TIME
            info.uid, info.gid = (int(owner[1]), int(owner[2])) if owner else (0, 0)
            content = b""
            if name.endswith("/"):
                info.type, info.mode = tarfile.DIRTYPE, int(rest or "755", 8)
            elif rest.startswith("-> "):
                info.type, info.linkname, info.mode = tarfile.SYMTYPE, rest[3:], 0o777
            elif rest.startswith("=> "):
                target, *mode = rest[3:].split()
                info.type, info.linkname, info.mode = tarfile.LNKTYPE, target, int(mode[0] if mode else "644", 8)
            else:
                content, words = _content(name, rest)
                info.mode, info.size = int(words[0] if words else "644", 8), len(content)
            tar.addfile(info, io.BytesIO(content))
    return {"": bytes, "gz": lambda data: gzip.compress(data, mtime=0), "bz2": bz2.compress,
            "xz": lzma.compress}[compression](out.getvalue())
