package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.CopiedTree;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/** Roots as copies of all files below, compared with them afterwards. */
final class CopiedRoots implements Roots {
    private final TreeForm form;
    private final String reason;

    /** @param reason why overlayfs is not used, for people */
    CopiedRoots(TreeForm form, String reason) {
        this.form = form;
        this.reason = reason;
    }

    @Override
    public Writable writable(List<Path> lowers, Path folder) throws IOException {
        Path root = root(lowers, folder);
        Path diff = folder.resolve("fs");
        LinuxFiles.mkdir(diff, 0700);
        CopiedTree tree = CopiedTree.of(lowers, root, form);
        return new Writable() {
            @Override
            public Path root() {
                return root;
            }

            @Override
            public Path finish() throws IOException {
                tree.moveChangesTo(diff);
                return diff;
            }

            @Override
            public void close() {
                // A copy holds nothing but its files.
            }
        };
    }

    @Override
    public Readable readable(List<Path> lowers, Path folder) throws IOException {
        Path root = root(lowers, folder);
        CopiedTree.of(lowers, root, form);
        return new Readable() {
            @Override
            public Path root() {
                return root;
            }

            @Override
            public void close() {
                // A copy holds nothing but its files.
            }
        };
    }

    @Override
    public Kept durable(List<Path> lowers, Path folder) throws IOException {
        Path root = folder.resolve("root");
        if (LinuxFiles.lstatIfExists(root).isEmpty()) {
            CopiedTree.of(lowers, root(lowers, folder), form);
        }
        return new Kept() {
            @Override
            public Path root() {
                return root;
            }

            @Override
            public Optional<Path> upper() {
                return Optional.empty();
            }

            @Override
            public void mount() {
                // A copy is always there.
            }

            @Override
            public void unmount() {
                // A copy is always there.
            }
        };
    }

    private Path root(List<Path> lowers, Path folder) throws IOException {
        Path root = folder.resolve("root");
        LinuxFiles.mkdir(root, 0755);
        if (lowers.isEmpty()) {
            form.ownership().set(root, FileStat.DIRECTORY, new Ownership.Owner(0, 0, 0755));
        }
        return root;
    }

    @Override
    public String driver() {
        return "vfs";
    }

    @Override
    public String description() {
        return "full copies (cannot mount overlayfs: " + reason + "); every step copies all files of its image";
    }
}
