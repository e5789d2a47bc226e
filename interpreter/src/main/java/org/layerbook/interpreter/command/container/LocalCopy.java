package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.container.DockerPaths;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.layer.LiveTree;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.layer.TreeUnpacker;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.HeldPath;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.interpreter.command.spec.CommandException;

/** The host's side of {@code docker cp}, by the rules of docker's client. */
final class LocalCopy {
    private static final int MOST_LINKS = 10;

    private LocalCopy() {}

    /**
     * One end of a copy.
     *
     * @param path with its slash or dot at the end
     * @param rebaseName what it is to be called where that is not its last name
     */
    record Place(String path, boolean exists, boolean directory, Optional<String> rebaseName) {}

    /** Where a copy is unpacked, and what it is called there. */
    record Plan(String directory, String member) {}

    /** docker's rule for what becomes of a source at a destination. */
    static Plan plan(Place source, Place target) throws CommandException {
        String name = source.rebaseName().orElseGet(() -> DockerPaths.split(source.path())[1]);
        if (target.exists() && target.directory()) {
            return new Plan(target.path(), name.equals("/") ? "." : name);
        }
        if (target.exists() && source.directory()) {
            throw new CommandException("cannot copy directory", 1);
        }
        if (!target.exists() && !source.directory() && DockerPaths.saysDirectory(target.path())) {
            throw new CommandException("no such directory", 1);
        }
        String[] split = DockerPaths.split(target.path());
        return new Plan(split[0], split[1]);
    }

    /** @param path absolute */
    static Place source(String path, boolean follow) throws CommandException, IOException {
        String[] parts = {path.substring(0, path.lastIndexOf('/') + 1), path.substring(path.lastIndexOf('/') + 1)};
        String resolved;
        Optional<String> rebase = Optional.empty();
        if (follow) {
            resolved = DockerPaths.preserve(real(path), path);
            if (!DockerPaths.base(path).equals(DockerPaths.base(resolved))) {
                rebase = Optional.of(DockerPaths.base(path));
            }
        } else {
            String folder = real(parts[0]);
            resolved = (folder.equals("/") ? "" : folder) + "/" + parts[1];
            if (path.endsWith("/") && !DockerPaths.base(path).equals(DockerPaths.base(resolved))) {
                rebase = Optional.of(DockerPaths.base(path));
            }
        }
        Optional<FileStat> stat = LinuxFiles.lstatIfExists(Path.of(resolved));
        if (stat.isEmpty()) {
            throw new CommandException("lstat " + resolved + ": no such file or directory", 1);
        }
        return new Place(resolved, true, stat.get().isDirectory(), rebase);
    }

    private static String real(String path) throws CommandException, IOException {
        try {
            return Path.of(path).toRealPath().toString();
        } catch (NoSuchFileException e) {
            throw new CommandException("lstat " + missing(Path.of(path)) + ": no such file or directory", 1);
        }
    }

    /** The first name on the way that leads nowhere. */
    private static Path missing(Path path) throws IOException {
        Path at = path;
        for (int links = 0; links < MOST_LINKS && Files.isSymbolicLink(at); links++) {
            at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
        }
        while (at.getParent() != null && !Files.exists(at.getParent())) {
            at = at.getParent();
        }
        return at;
    }

    static void archive(Place source, String member, OutputStream out) throws IOException {
        var tree = new LiveTree(new TreeForm(TreeForm.Marks.OWN, Ownership.MAPPED), _ -> false);
        Path path = Path.of(GoPath.clean(source.path()));
        if (source.directory()) {
            try (HeldPath directory = HeldPath.root(path)) {
                tree.writeTar(directory, member, out);
            }
            return;
        }
        try (HeldPath parent = HeldPath.root(path.getParent())) {
            tree.writeTar(new LiveTree.Member(parent, path.getFileName(), member), out);
        }
    }

    /** Checks where something is to go, before anything is read. */
    static void checkTarget(String path) throws CommandException, IOException {
        Path folder = Path.of(GoPath.clean(path)).getParent();
        if (folder != null && !Files.exists(folder)) {
            throw new CommandException("invalid output path: directory \"" + folder + "\" does not exist", 1);
        }
        if (folder != null && !Files.isDirectory(folder)) {
            throw new CommandException("stat " + path + ": not a directory", 1);
        }
        Path file = Path.of(path);
        if (Files.exists(file)) {
            FileStat stat = LinuxFiles.statFollowing(file);
            if (stat.isDevice()) {
                throw new CommandException(
                        "invalid output path: \"" + path + "\" must be a directory or a regular file: got a device", 1);
            }
        }
    }

    static Place target(String path) throws IOException {
        String at = path;
        for (int links = 0; links < MOST_LINKS && Files.isSymbolicLink(Path.of(at)); links++) {
            at = Path.of(at)
                    .resolveSibling(Files.readSymbolicLink(Path.of(at)))
                    .normalize()
                    .toString();
        }
        Path file = Path.of(at);
        boolean exists = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        return new Place(at, exists, Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS), Optional.empty());
    }

    /** The files belong to the user. */
    static void extract(String directory, InputStream tar) throws IOException {
        try (HeldPath root = HeldPath.root(Path.of(directory))) {
            new TreeUnpacker(root, Path.of("/"), directory, new TreeUnpacker.Owners.Ours()).unpack(tar);
        }
    }
}
