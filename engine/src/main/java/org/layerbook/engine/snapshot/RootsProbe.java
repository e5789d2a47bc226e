package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.store.file.TempFiles;

/**
 * Finds out by trying how roots can be made. That overlayfs works is remembered in the store, in {@code overlay}, for
 * processes with the same kernel and the same privileges; that it does not is tried again each time.
 */
final class RootsProbe {
    private static final int MOST_BYTES = 1 << 16;
    /** The user namespace that the machine started with (PROC_USER_INIT_INO in Linux's proc_ns.h). */
    private static final String MACHINE_USERS = "user:[4026531837]";

    private final Path memory;
    private final TempFiles temp;
    private final TreeForm form;

    /** @param home the folder of the snapshots */
    RootsProbe(Path home, TempFiles temp, TreeForm form) {
        this.memory = home.resolve("overlay");
        this.temp = temp;
        this.form = form;
    }

    Roots find() throws IOException {
        String circumstances = circumstances();
        Optional<List<String>> known = recall(circumstances);
        if (known.isPresent()) {
            return new OverlayRoots(form, known.get());
        }
        if (form.marks() == TreeForm.Marks.TRUSTED) {
            checkTrusted();
        }
        IOException refused = new IOException("overlayfs does not support the whiteouts of this store");
        for (List<String> options : OverlayRoots.optionsToTry(form)) {
            OverlayRoots overlay = new OverlayRoots(form, options);
            Optional<IOException> problem = problem(overlay);
            if (problem.isEmpty()) {
                remember(circumstances, options);
                return overlay;
            }
            refused = problem.get();
        }
        // The place where it was tried says nothing.
        String reason = refused instanceof FileSystemException e && e.getReason() != null
                ? e.getReason()
                : refused.getMessage();
        return new CopiedRoots(form, reason);
    }

    /** Who may not set such attributes sees none, and would take what is deleted for there. */
    private void checkTrusted() throws IOException {
        Path probe;
        try {
            probe = temp.directory();
        } catch (IOException e) {
            if (StoreException.takesNothing(memory.getParent().getParent(), e)) {
                return; // It cannot be tried, and nothing will be mounted there for writing.
            }
            throw e;
        }
        try {
            Xattrs.set(probe, TreeForm.Marks.TRUSTED.opaque(), "y".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IOException(
                    "the store " + memory.getParent().getParent()
                            + " was created with CAP_SYS_ADMIN, and its"
                            + " whiteouts cannot be read without it; set LAYERBOOK_HOME to another directory",
                    e);
        } finally {
            Trees.delete(probe);
        }
    }

    /** One line: the kernel, whether its users are the machine's or which ids they have, and what the process may do in it. */
    private static String circumstances() throws IOException {
        String capabilities = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .orElse("");
        boolean machine =
                Files.readSymbolicLink(Path.of("/proc/self/ns/user")).toString().equals(MACHINE_USERS);
        String ids = machine ? "machine" : Files.readString(Path.of("/proc/self/uid_map"));
        return (System.getProperty("os.version") + " " + capabilities + " " + ids)
                .strip()
                .replaceAll("\\s+", " ");
    }

    private Optional<List<String>> recall(String circumstances) throws IOException {
        try {
            byte[] content = RegularFile.read(memory, MOST_BYTES).orElse(new byte[0]);
            List<String> lines =
                    new String(content, StandardCharsets.UTF_8).lines().toList();
            return lines.size() == 2 && lines.get(0).equals(circumstances)
                    ? Optional.of(List.of(lines.get(1).split(",")))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // then it is tried again
        }
    }

    /** Where it cannot be written, the next process tries again. */
    private void remember(String circumstances, List<String> options) {
        try {
            String text = circumstances + "\n" + String.join(",", options) + "\n";
            temp.replace(memory, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return;
        }
    }

    /** On some file systems overlayfs mounts, but cannot delete a file or replace a directory. */
    private Optional<IOException> problem(OverlayRoots overlay) throws IOException {
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
            return marked ? Optional.empty() : Optional.of(new IOException("deleted files leave no whiteouts"));
        } catch (IOException e) {
            return Optional.of(e);
        } finally {
            Trees.delete(place);
        }
    }
}
