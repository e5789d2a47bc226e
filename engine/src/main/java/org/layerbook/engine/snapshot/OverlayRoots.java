package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.NodeCopies;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Mounts;
import org.layerbook.engine.linux.Overlay;
import org.layerbook.engine.linux.Trees;

/**
 * Roots as overlay mounts. {@code volatile}: nothing is written through to the disk when the process in it asks for
 * that, nor at unmounting, which would take the disk's time for all that was written.
 */
final class OverlayRoots implements Roots {
    private static final String VOLATILE = "volatile";

    private final TreeForm form;
    private final List<String> options;

    /** @param options of {@link #optionsToTry} */
    OverlayRoots(TreeForm form, List<String> options) {
        this.form = form;
        this.options = List.copyOf(options);
    }

    /** Mount options, best first: older kernels do not know all. */
    static List<List<String>> optionsToTry(TreeForm form) {
        return switch (form.marks()) {
            case TRUSTED ->
                List.of(
                        List.of("redirect_dir=off", "metacopy=off", "index=off", VOLATILE),
                        List.of("redirect_dir=off", "metacopy=off", "index=off"),
                        List.of("redirect_dir=off"));
            case USER -> List.of(List.of("userxattr", VOLATILE), List.of("userxattr"));
            case OWN -> List.of();
        };
    }

    @Override
    public Writable writable(List<Path> lowers, Path folder) throws IOException {
        Path diff = upper(lowers, folder);
        Path work = directory(folder, "work", 0700);
        Path root = directory(folder, "root", 0700);
        List<Path> mounted = lowers.isEmpty() ? List.of(directory(folder, "empty", 0755)) : lowers;
        new Overlay(mounted, Optional.of(new Overlay.Upper(diff, work)), options).mount(root);
        return new MountedRoot(root, diff);
    }

    private Path upper(List<Path> lowers, Path folder) throws IOException {
        Path diff = directory(folder, "fs", 0755);
        if (lowers.isEmpty()) {
            form.ownership().set(diff, FileStat.DIRECTORY, new Ownership.Owner(0, 0, 0755));
        } else {
            NodeCopies.copyAttributes(lowers.getFirst(), LinuxFiles.lstat(lowers.getFirst()), diff, form);
        }
        return diff;
    }

    @Override
    public Kept durable(List<Path> lowers, Path folder) throws IOException {
        if (LinuxFiles.lstatIfExists(folder.resolve("root")).isEmpty()) {
            upper(lowers, folder);
            directory(folder, "empty", 0755);
            directory(folder, "root", 0700);
        }
        return new DurableRoot(lowers, folder);
    }

    private final class DurableRoot implements Kept {
        private final List<Path> lowers;
        private final Path folder;

        DurableRoot(List<Path> lowers, Path folder) {
            this.lowers = lowers;
            this.folder = folder;
        }

        @Override
        public Path root() {
            return folder.resolve("root");
        }

        @Override
        public Optional<Path> upper() {
            return Optional.of(folder.resolve("fs"));
        }

        @Override
        public void mount() throws IOException {
            unmount();
            // A volatile mount leaves a mark in its work directory, with which the kernel refuses the next one.
            Path work = folder.resolve("work");
            Trees.delete(work);
            LinuxFiles.mkdir(work, 0700);
            List<Path> mounted = lowers.isEmpty() ? List.of(folder.resolve("empty")) : lowers;
            new Overlay(mounted, Optional.of(new Overlay.Upper(folder.resolve("fs"), work)), options).mount(root());
        }

        @Override
        public void unmount() throws IOException {
            try {
                Mounts.unmountLazily(root());
            } catch (LinuxException e) {
                if (!e.is(Errno.EINVAL)) { // else nothing is mounted there
                    throw e;
                }
            }
        }
    }

    @Override
    public Readable readable(List<Path> lowers, Path folder) throws IOException {
        Path root = directory(folder, "root", 0700);
        // Two at least; and a single diff must not be shown as it is, with its marks.
        List<Path> mounted = new ArrayList<>(lowers);
        while (mounted.size() < 2) {
            mounted.add(directory(folder, "empty" + mounted.size(), 0755));
        }
        List<String> readOnly =
                options.stream().filter(o -> !o.equals(VOLATILE)).toList();
        new Overlay(mounted, Optional.empty(), readOnly).mount(root);
        return new MountedRoot(root, root);
    }

    @Override
    public String driver() {
        return "overlayfs";
    }

    @Override
    public String description() {
        return "overlayfs";
    }

    private static Path directory(Path folder, String name, int permissions) throws IOException {
        Path directory = folder.resolve(name);
        LinuxFiles.mkdir(directory, permissions);
        return directory;
    }

    private static final class MountedRoot implements Writable {
        private final Path root;
        private final Path diff;
        private boolean open = true;

        MountedRoot(Path root, Path diff) {
            this.root = root;
            this.diff = diff;
        }

        @Override
        public Path root() {
            return root;
        }

        @Override
        public Path finish() throws IOException {
            close();
            return diff;
        }

        @Override
        public void close() throws IOException {
            if (open) {
                // Lazily: a file still open somewhere must not keep a failed step's root in place.
                Mounts.unmountLazily(root);
                Files.delete(root);
                open = false;
            }
        }
    }
}
