package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.layerbook.engine.archive.read.UntrustedTar;
import org.layerbook.engine.builder.plan.CopyRefusedException;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.builder.step.ThrottledProgress;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.layer.LayerApplier;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarReader;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.sandbox.UserLookup;

/**
 * ADD of a local tar archive, plain or compressed. The archive is not trusted: names that lead out of the destination are
 * refused, and links in it are followed as if the destination were the root.
 */
public final class ArchiveUnpacker {
    /** Characters of a member's name in a message. */
    private static final int SHOWN = 100;

    private final TargetTree target;
    private final Optional<UserLookup.Owner> owner;
    private final Cancellation cancellation;
    private final Consumer<String> warnings;
    private final ThrottledProgress meter;
    private final UnpackLimits limits;
    private final Deque<Action> later = new ArrayDeque<>();

    private interface Action {
        void run() throws IOException;
    }

    /**
     * @param owner of everything, instead of the archive's
     * @param limits of one archive
     * @param warnings hears what is left out
     * @param meter hears of the bytes of files
     */
    public ArchiveUnpacker(
            TargetTree target,
            Optional<UserLookup.Owner> owner,
            UnpackLimits limits,
            Consumer<String> warnings,
            ThrottledProgress meter,
            Cancellation cancellation) {
        this.meter = meter;
        this.limits = limits;
        this.target = target;
        this.warnings = warnings;
        this.owner = owner;
        this.cancellation = cancellation;
    }

    /** Whether BuildKit takes {@code file} for an archive: what it decompresses to begins with a tar header. */
    public static boolean isArchive(Path file, FileStat stat, UnpackLimits limits) throws IOException {
        if (!stat.isRegular()) {
            return false;
        }
        try (InputStream packed = Files.newInputStream(file);
                InputStream in = Compression.decompressed(packed, limits)) {
            return TarReader.isBeginning(in.readNBytes(TarReader.BLOCK));
        } catch (IOException | RuntimeException e) {
            // Anything that cannot be read as one is copied as it is.
            return false;
        }
    }

    /** @param destination absolute in the target; made where it is missing */
    public void unpack(Path archive, String destination) throws IOException {
        try (InputStream in = Files.newInputStream(archive)) {
            unpack(in, String.valueOf(archive.getFileName()), destination);
        }
    }

    /** @param in not closed; @param title of the archive, for messages */
    @SuppressWarnings("resource") // closing the tar would close the caller's stream
    public void unpack(InputStream in, String title, String destination) throws IOException {
        List<Path> made =
                new ArrayList<>(target.directories(destination, owner.orElse(UserLookup.Owner.ROOT), Optional.empty()));
        Path top = RootedPath.resolve(target.root(), destination);
        try {
            UntrustedTar tar = UntrustedTar.read(in, limits);
            for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                CancelledException.check(cancellation);
                member(top, entry.get(), tar.content(), made);
            }
        } catch (ArchiveException e) {
            throw new CopyRefusedException(title + ": " + e.getMessage());
        } catch (RuntimeException e) {
            throw new CopyRefusedException("the archive " + title + " is damaged: " + e.getMessage());
        }
        meter.end();
        target.touch(made);
        while (!later.isEmpty()) {
            later.pop().run();
        }
    }

    /** With the member's name in what is said, and not where it was to lie. */
    private void member(Path top, TarEntry entry, InputStream content, List<Path> made) throws IOException {
        String name = ByteString.text(entry.name());
        String shown = name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name;
        try {
            unpack(top, entry, content, made);
        } catch (FileSystemLoopException e) {
            throw new ArchiveException(shown + ": too many levels of symbolic links", e);
        } catch (LinuxException e) {
            if (e.is(Errno.ENAMETOOLONG)) {
                throw new ArchiveException(shown + ": file name too long", e);
            }
            throw e;
        }
    }

    private void unpack(Path top, TarEntry entry, InputStream content, List<Path> made) throws IOException {
        String name = checked(entry.name());
        if (name.isEmpty()) {
            return;
        }
        boolean isDirectory = entry.kind() == TarEntry.Kind.DIRECTORY;
        var below = new TargetTree(top, target.ownership(), target.epoch());
        String parent = GoPath.dir("/" + name);
        made.addAll(below.directories(parent, UserLookup.Owner.ROOT, Optional.empty()));
        Path path = isDirectory ? RootedPath.resolve(top, name) : RootedPath.resolveNoFollow(top, name);
        if (path.equals(top)) {
            return;
        }
        if (entry.kind() == TarEntry.Kind.HARD_LINK
                && path.equals(RootedPath.resolveNoFollow(top, checked(entry.link())))) {
            return; // to itself
        }
        Optional<FileStat> there = LinuxFiles.lstatIfExists(path);
        boolean merged = there.isPresent() && there.get().isDirectory() && isDirectory;
        if (there.isPresent() && !merged) {
            Trees.delete(path);
        }
        make(below, path, entry, content, merged);
    }

    private void make(TargetTree below, Path path, TarEntry entry, InputStream content, boolean exists)
            throws IOException {
        int type = entry.kind().mode();
        switch (entry.kind()) {
            case HARD_LINK -> type = link(below, path, entry);
            case DIRECTORY -> {
                if (!exists) {
                    LinuxFiles.mkdir(path, 0755);
                }
            }
            case SYMLINK -> LinuxFiles.symlink(ByteString.bytes(entry.link()), path);
            case FILE -> write(content, path);
            case CHAR_DEVICE, BLOCK_DEVICE, FIFO -> {
                if (!device(path, entry)) {
                    return;
                }
            }
        }
        int uid = owner.map(UserLookup.Owner::uid).orElse(entry.uid());
        int gid = owner.map(UserLookup.Owner::gid).orElse(entry.gid());
        below.setOwner(path, type, uid, gid, entry.permissions());
        LayerApplier.setXattrs(path, entry.xattrs()); // after the owner: a change of that takes capabilities away
        if (type == FileStat.DIRECTORY) {
            later.push(() -> LinuxFiles.setTimes(path, entry.mtimeSeconds(), entry.mtimeNanos()));
        } else {
            LinuxFiles.setTimes(path, entry.mtimeSeconds(), entry.mtimeNanos());
        }
    }

    /**
     * Its target lies in what is unpacked, or was there before. Owner, mode and time of a link's entry are then the file's.
     *
     * @return the file's type
     */
    private int link(TargetTree below, Path path, TarEntry entry) throws IOException {
        Path target = RootedPath.resolveNoFollow(below.root(), checked(entry.link()));
        Optional<FileStat> file = LinuxFiles.lstatIfExists(target).filter(stat -> !stat.isDirectory());
        if (file.isEmpty()) {
            throw new ArchiveException(ByteString.text(entry.name()) + " is a hard link to "
                    + ByteString.text(entry.link()) + ", which is not a file unpacked before it");
        }
        LinuxFiles.link(target, path);
        return file.get().type();
    }

    /** @return false where this process may make no device: it is left out, and said */
    private boolean device(Path path, TarEntry entry) throws IOException {
        try {
            LinuxFiles.mknod(path, entry.kind().mode() | entry.permissions(), entry.major(), entry.minor());
            return true;
        } catch (LinuxException e) {
            if (!e.is(Errno.EPERM)) {
                throw e;
            }
            warnings.accept("ADD: cannot create the device " + ByteString.text(entry.name()) + " here; skipped");
            return false;
        }
    }

    private void write(InputStream content, Path path) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                CancelledException.check(cancellation);
                out.write(buffer, 0, n);
                meter.add(n);
            }
        }
    }

    /** As text, without slashes at the start; empty for the archive's root. */
    private static String checked(String raw) throws CopyRefusedException {
        String name = ByteString.text(raw);
        String relative = GoPath.clean(name.replaceAll("^/+", ""));
        if (relative.equals(".")) {
            return "";
        }
        if (relative.equals("..") || relative.startsWith("../")) {
            throw new CopyRefusedException("archive path \"" + name + "\" is outside extraction root");
        }
        return relative;
    }
}
