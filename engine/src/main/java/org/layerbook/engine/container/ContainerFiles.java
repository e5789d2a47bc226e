package org.layerbook.engine.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.layer.LiveTree;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.layer.TreeUnpacker;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.HeldPath;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;

/** The files of a container, or of an image, as a process in it sees them, for {@code docker cp}. The caller closes it. */
public final class ContainerFiles implements AutoCloseable {
    private static final int MOST_LINKS = 255;

    /** What is undone when it is closed. */
    @FunctionalInterface
    interface End {
        void run() throws IOException;
    }

    private final String name;
    private final HeldPath root;
    private final TreeForm form;
    private final List<ContainerMount> mounts;
    private final boolean readOnly;
    private final End end;
    /** File systems that the kernel makes up, and the devices. */
    private final Set<Long> madeUp = new HashSet<>();

    /**
     * @param name what the user calls it
     * @param readOnly whether nothing outside of its mounts may be written
     */
    ContainerFiles(
            String name, HeldPath root, Ownership ownership, List<ContainerMount> mounts, boolean readOnly, End end)
            throws IOException {
        this.name = name;
        this.root = root;
        this.form = new TreeForm(TreeForm.Marks.OWN, ownership);
        this.mounts = List.copyOf(mounts);
        this.readOnly = readOnly;
        this.end = end;
        long own = root.stat().device();
        for (String each : List.of("proc", "sys", "dev")) {
            try (HeldPath mounted = root.directory(Path.of(each))) {
                if (mounted.stat().device() != own) {
                    madeUp.add(mounted.stat().device());
                }
            } catch (LinuxException e) {
                continue; // it has none
            }
        }
    }

    /**
     * @param stat of a link itself
     * @param target of a link: where it leads in the end
     */
    public record Found(FileStat stat, Optional<String> target) {
        public boolean isDirectory() {
            return stat.isDirectory();
        }
    }

    /** @throws ContainerException with docker's sentence where there is nothing */
    public Found find(String path) throws IOException {
        String absolute = DockerPaths.absolute(path);
        String directory = absolute.substring(0, absolute.lastIndexOf('/') + 1);
        String base = absolute.substring(absolute.lastIndexOf('/') + 1);
        try (HeldPath parent = root.directory(Path.of(directory))) {
            if (madeUp.contains(parent.stat().device())) {
                throw missing(path);
            }
            // A dot or nothing behind the last slash asks for a directory, through a link too.
            FileStat stat = LinuxFiles.lstat(
                    base.isEmpty() ? parent.path() : parent.path().resolve(base));
            return new Found(stat, stat.isSymlink() ? Optional.of(target(absolute)) : Optional.empty());
        } catch (LinuxException e) {
            if (e.is(Errno.ENOENT)) {
                throw missing(path);
            }
            if (e.is(Errno.ENOTDIR)) {
                throw absolute.endsWith("/") && !isDirectoryAsked(absolute)
                        ? new ContainerException(Kind.INVALID, "lstat " + absolute + ": not a directory")
                        : missing(path);
            }
            throw e;
        }
    }

    private boolean isDirectoryAsked(String absolute) throws IOException {
        String file = GoPath.clean(absolute);
        int slash = file.lastIndexOf('/');
        try (HeldPath parent = root.directory(Path.of(file.substring(0, slash + 1)))) {
            return LinuxFiles.lstatIfExists(parent.path().resolve(file.substring(slash + 1)))
                    .isEmpty();
        } catch (LinuxException e) {
            return true;
        }
    }

    private ContainerException missing(String path) {
        return new ContainerException(Kind.MISSING, "Could not find the file " + path + " in container " + name);
    }

    /** Where {@code absolute} leads with every link followed, whether or not there is something. */
    private String target(String absolute) throws IOException {
        Deque<String> todo = new ArrayDeque<>(List.of(absolute.split("/")));
        var at = new ArrayList<String>();
        int links = 0;
        while (!todo.isEmpty()) {
            String next = todo.pop();
            if (next.isEmpty() || next.equals(".")) {
                continue;
            }
            if (next.equals("..")) {
                if (!at.isEmpty()) {
                    at.removeLast();
                }
                continue;
            }
            Optional<String> link = ++links > MOST_LINKS ? Optional.empty() : readLink(at, next);
            if (link.isEmpty()) {
                at.add(next);
            } else {
                if (link.get().startsWith("/")) {
                    at.clear();
                }
                List.of(link.get().split("/")).reversed().forEach(todo::push);
            }
        }
        return "/" + String.join("/", at);
    }

    private Optional<String> readLink(List<String> directory, String child) throws IOException {
        try (HeldPath parent = root.directory(Path.of("/" + String.join("/", directory)))) {
            Path path = parent.path().resolve(child);
            return LinuxFiles.lstatIfExists(path).filter(FileStat::isSymlink).isPresent()
                    ? Optional.of(new String(LinuxFiles.readlink(path), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (LinuxException e) {
            return Optional.empty();
        }
    }

    /** Writes what is at {@code path}, with all below it, as a tar. @param member its name there */
    public void archive(String path, String member, OutputStream out) throws IOException {
        FileStat stat = find(path).stat();
        String absolute = DockerPaths.absolute(path);
        var tree = new LiveTree(form, directory -> madeUp.contains(directory.device()));
        String base = DockerPaths.base(absolute);
        if (stat.isDirectory()) {
            try (HeldPath directory = root.directory(Path.of(absolute))) {
                tree.writeTar(directory, member, out);
            }
            return;
        }
        try (HeldPath parent = root.directory(Path.of(absolute.substring(0, absolute.lastIndexOf('/') + 1)))) {
            tree.writeTar(new LiveTree.Member(parent, Path.of(base), member), out);
        }
    }

    /** Unpacks a tar into an existing directory. */
    public void extract(String path, InputStream tar, TreeUnpacker.Owners owners) throws IOException {
        String absolute = DockerPaths.absolute(path);
        String shown = GoPath.clean(absolute);
        try (HeldPath directory = root.directory(Path.of(absolute))) {
            if (madeUp.contains(directory.stat().device())) {
                throw missing(path);
            }
        } catch (LinuxException e) {
            if (e.is(Errno.ENOTDIR)) {
                throw new ContainerException(Kind.INVALID, "extraction point is not a directory");
            }
            throw e.is(Errno.ENOENT) ? missing(path) : e;
        }
        refuseReadOnly(target(absolute));
        new TreeUnpacker(root, Path.of(absolute), shown, owners).unpack(tar);
    }

    private void refuseReadOnly(String resolved) throws ContainerException {
        Optional<ContainerMount> mount = Optional.empty();
        for (ContainerMount each : mounts) {
            boolean inside = resolved.equals(each.target()) || resolved.startsWith(each.target() + "/");
            if (inside
                    && mount.filter(found ->
                                    found.target().length() > each.target().length())
                            .isEmpty()) {
                mount = Optional.of(each);
            }
        }
        if (mount.filter(ContainerMount::readOnly).isPresent()) {
            throw new ContainerException(Kind.INVALID, "mounted volume is marked read-only");
        }
        if (mount.isEmpty() && readOnly) {
            throw new ContainerException(Kind.INVALID, "container rootfs is marked read-only");
        }
    }

    /** All of it as a tar, as docker exports a container. */
    public void export(OutputStream out) throws IOException {
        new LiveTree(form, directory -> madeUp.contains(directory.device())).writeTar(root, "", out);
    }

    @Override
    public void close() throws IOException {
        root.close();
        end.run();
    }
}
