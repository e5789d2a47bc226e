package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.layer.Trees;
import org.layerbook.engine.layer.UnpackLimits;
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
        TreeForm form = TreeForm.parse(Files.readString(file));
        if (form.marks() == TreeForm.Marks.TRUSTED) {
            checkTrusted(home, temp);
        }
        return form;
    }

    /** Who may not set such attributes sees none, and would take what is deleted for there. */
    private static void checkTrusted(Path home, TempFiles temp) throws IOException {
        Path probe = temp.directory();
        try {
            Xattrs.set(probe, TreeForm.Marks.TRUSTED.opaque(), "y".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IOException(
                    "the store " + home.getParent()
                            + " was made by root with the right to mount (CAP_SYS_ADMIN), and its"
                            + " marks of deletions cannot be read without it; LAYERBOOK_HOME can name another folder",
                    e);
        } finally {
            Trees.delete(probe);
        }
    }

    private static TreeForm tryForm(TempFiles temp, Identity identity) throws IOException {
        Path probe = temp.directory();
        try {
            boolean mapped = identity.uid() == 0 && identity.idCount() > 1;
            return new TreeForm(marks(probe), mapped ? Ownership.MAPPED : Ownership.RECORDED);
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

    /** The best that can be set: overlayfs's, so that it can be used now or by a later process. */
    private static TreeForm.Marks marks(Path probe) throws IOException {
        IOException refused = new IOException("not tried");
        for (TreeForm.Marks marks : TreeForm.Marks.values()) {
            try {
                new TreeForm(marks, Ownership.RECORDED).whiteout(probe.resolve("whiteout" + marks));
                Xattrs.set(probe, marks.opaque(), "y".getBytes(StandardCharsets.US_ASCII));
                return marks;
            } catch (IOException e) {
                refused = e;
            }
        }
        throw refused;
    }
}
