package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.engine.store.file.TempFiles;

/** Finds out, by trying once, how root file systems are made on this machine. */
public final class SnapshotStores {
    private static final int MOST_BYTES = 1 << 10;

    private SnapshotStores() {}

    /** @throws IOException when the store's file system cannot hold layers at all; says why */
    public static Snapshots detect(Store store) throws IOException {
        return detect(store, UnpackLimits.DEFAULT);
    }

    /** @param limits of what is unpacked */
    public static Snapshots detect(Store store, UnpackLimits limits) throws IOException {
        return detect(store.snapshotsHome(), store.temp(), store.identity(), limits);
    }

    static Snapshots detect(Path home, TempFiles temp, Identity identity, UnpackLimits limits) throws IOException {
        TreeForm form = form(home, temp, identity);
        return new StoredSnapshots(
                new SnapshotFolder(home, temp), new RootsProbe(home, temp, form).find(), form, limits);
    }

    /**
     * The first process that uses a store decides, by what it may do, how trees are written in it; the others go by that.
     */
    static TreeForm form(Path home, TempFiles temp, Identity identity) throws IOException {
        Path file = home.resolve("form");
        Optional<byte[]> known = RegularFile.read(file, MOST_BYTES);
        if (known.isPresent()) {
            return parse(file, known.get());
        }
        Files.createDirectories(home);
        TreeForm form = tryForm(temp, identity);
        Path made = temp.path();
        Files.writeString(made, form.toText());
        try {
            LinuxFiles.renameNoReplace(made, file);
            return form;
        } catch (LinuxException e) {
            Files.delete(made);
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
        }
        return form(home, temp, identity); // another process was faster
    }

    private static TreeForm parse(Path file, byte[] content) throws IOException {
        try {
            return TreeForm.parse(new String(content, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException(
                    file + " in the store is damaged: " + e.getMessage()
                            + "; remove it, and Layerbook creates it again",
                    e);
        }
    }

    private static TreeForm tryForm(TempFiles temp, Identity identity) throws IOException {
        Path probe = temp.directory();
        try {
            TreeForm.Marks marks = marks(probe);
            needed(
                    probe,
                    "it does not support symbolic links",
                    () -> LinuxFiles.symlink("somewhere", probe.resolve("link")));
            needed(
                    probe,
                    "it does not support hard links",
                    () -> LinuxFiles.link(probe.resolve("link"), probe.resolve("other")));
            if (LinuxFiles.lstatIfExists(probe.resolve("LINK")).isPresent()) {
                throw unfit(probe, "it is not case-sensitive", new IOException("link is LINK"));
            }
            boolean mapped = identity.uid() == 0 && identity.idCount() > 1;
            return new TreeForm(marks, mapped ? Ownership.MAPPED : Ownership.RECORDED);
        } finally {
            Trees.delete(probe);
        }
    }

    /** Something that every file system for layers has to let do. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException;
    }

    private static void needed(Path probe, String otherwise, Attempt attempt) throws IOException {
        try {
            attempt.run();
        } catch (IOException e) {
            throw unfit(probe, otherwise, e);
        }
    }

    /** A full disk tells nothing of what the file system can. */
    private static IOException unfit(Path probe, String reason, IOException e) {
        Path home = probe.getParent().getParent().getParent(); // of the store, whose temporary folder it is in
        Optional<StoreException> full = StoreException.ofFullDisk(home, e);
        return full.isPresent()
                ? full.get()
                : new IOException(
                        "cannot store image layers on the file system of " + home + ": " + reason + " ("
                                + (e instanceof LinuxException linux ? linux.getReason() : e.getMessage())
                                + "); set LAYERBOOK_HOME to a directory on another one, such as ext4, xfs or btrfs",
                        e);
    }

    /** The best that can be set: overlayfs's, so that it can be used now or by a later process. */
    private static TreeForm.Marks marks(Path probe) throws IOException {
        IOException refused = new IOException("not tried");
        for (TreeForm.Marks marks : TreeForm.Marks.values()) {
            var form = new TreeForm(marks, Ownership.RECORDED);
            try {
                needed(probe, "it does not support whiteouts", () -> form.whiteout(probe.resolve("whiteout" + marks)));
                needed(
                        probe,
                        "it does not support extended attributes",
                        () -> Xattrs.set(probe, marks.opaque(), "y".getBytes(StandardCharsets.US_ASCII)));
                return marks;
            } catch (IOException e) {
                refused = e;
            }
        }
        throw refused;
    }
}
