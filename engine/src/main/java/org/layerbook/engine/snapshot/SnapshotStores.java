package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.LayerApplier;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.layer.Trees;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.engine.store.TempFiles;

/** Finds out, by trying once, how root file systems are made on this machine. */
public final class SnapshotStores {
    private SnapshotStores() {}

    /** @throws IOException when the store's file system cannot hold layers at all; says why */
    public static Snapshots detect(Store store) throws IOException {
        return detect(store.snapshotsHome(), store.temp(), store.identity());
    }

    static Snapshots detect(Path home, TempFiles temp, Identity identity) throws IOException {
        TreeForm form = form(home, temp, identity);
        return new StoredSnapshots(
                new SnapshotFolder(home, temp), roots(temp, form), form, LayerApplier.Limits.DEFAULT);
    }

    /**
     * The first process that uses a store decides, by what it may do, how trees are written in it; the others go by that.
     */
    static TreeForm form(Path home, TempFiles temp, Identity identity) throws IOException {
        Path file = home.resolve("form");
        if (!Files.exists(file)) {
            Files.createDirectories(home);
            Path made = temp.path();
            Files.writeString(made, tryForm(temp, identity).toText());
            try {
                LinuxFiles.renameNoReplace(made, file);
            } catch (LinuxException e) {
                Files.delete(made);
                if (!e.is(Errno.EEXIST)) {
                    throw e;
                }
            }
        }
        return TreeForm.parse(Files.readString(file));
    }

    private static TreeForm tryForm(TempFiles temp, Identity identity) throws IOException {
        Path probe = temp.directory();
        try {
            TreeForm.Marks marks = marks(probe);
            LinuxFiles.whiteout(probe.resolve("whiteout"));
            boolean mapped = identity.uid() == 0 && identity.idCount() > 1;
            return new TreeForm(marks, mapped ? Ownership.MAPPED : Ownership.RECORDED);
        } catch (IOException e) {
            throw new IOException(
                    "image layers cannot be kept on the file system of " + probe.getParent()
                            + ": it takes no extended attributes or no deletion marks (" + e.getMessage()
                            + "); LAYERBOOK_HOME can name a folder on another",
                    e);
        } finally {
            Trees.delete(probe);
        }
    }

    private static TreeForm.Marks marks(Path probe) throws IOException {
        try {
            Xattrs.set(probe, TreeForm.Marks.TRUSTED.opaque(), "y".getBytes(StandardCharsets.US_ASCII));
            return TreeForm.Marks.TRUSTED;
        } catch (IOException notTheMachinesRoot) {
            Xattrs.set(probe, TreeForm.Marks.USER.opaque(), "y".getBytes(StandardCharsets.US_ASCII));
            return TreeForm.Marks.USER;
        }
    }

    private static Roots roots(TempFiles temp, TreeForm form) throws IOException {
        IOException refused = new IOException("not tried");
        for (List<String> options : OverlayRoots.optionsToTry(form)) {
            OverlayRoots overlay = new OverlayRoots(form, options);
            Optional<IOException> problem = tryOverlay(overlay, temp, form);
            if (problem.isEmpty()) {
                return overlay;
            }
            refused = problem.get();
        }
        return new CopiedRoots(form, refused.getMessage());
    }

    /** Whether a file can be deleted and a directory replaced: on some file systems overlayfs mounts but cannot do that. */
    private static Optional<IOException> tryOverlay(OverlayRoots overlay, TempFiles temp, TreeForm form)
            throws IOException {
        Path place = temp.directory();
        try {
            Path lower = Files.createDirectory(place.resolve("lower"));
            Files.createFile(lower.resolve("file"));
            Files.createDirectory(lower.resolve("directory"));
            Path folder = Files.createDirectory(place.resolve("folder"));
            Roots.Writable root = overlay.writable(List.of(lower), folder);
            try {
                Files.delete(root.root().resolve("file"));
                Files.delete(root.root().resolve("directory"));
                Files.createDirectory(root.root().resolve("directory"));
            } finally {
                root.close();
            }
            Path diff = folder.resolve("fs");
            boolean marked = LinuxFiles.lstat(diff.resolve("file")).isWhiteout()
                    && Xattrs.get(diff.resolve("directory"), form.marks().opaque())
                            .isPresent();
            return marked ? Optional.empty() : Optional.of(new IOException("it leaves no marks of what is deleted"));
        } catch (IOException e) {
            return Optional.of(e);
        } finally {
            Trees.delete(place);
        }
    }
}
