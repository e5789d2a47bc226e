package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.layerbook.engine.archive.read.UntrustedTar;
import org.layerbook.engine.builder.plan.CopyRefusedException;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.builder.step.ThrottledProgress;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.layer.ArchiveException;
import org.layerbook.engine.layer.LayerApplier;
import org.layerbook.engine.layer.Trees;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;

/**
 * ADD of a local tar archive, plain or compressed. The archive is not trusted: names that lead out of the destination are
 * refused, and links in it are followed as if the destination were the root.
 */
public final class ArchiveUnpacker {
    /** Characters of a member's name in a message. */
    private static final int SHOWN = 100;

    private static final String XATTR_RECORD = "SCHILY.xattr.";
    /** What stands for bytes that are no UTF-8. */
    private static final char UNREADABLE = '\uFFFD';

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
        try (InputStream in = Files.newInputStream(file);
                UntrustedTar tar = UntrustedTar.read(in, limits)) {
            return tar.next().isPresent();
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
    private void member(Path top, TarArchiveEntry entry, InputStream content, List<Path> made) throws IOException {
        String name = entry.getName().length() > SHOWN ? entry.getName().substring(0, SHOWN) + "…" : entry.getName();
        try {
            unpack(top, entry, content, made);
        } catch (FileSystemLoopException e) {
            throw new ArchiveException(name + ": symbolic links lead in a circle", e);
        } catch (LinuxException e) {
            if (e.is(Errno.ENAMETOOLONG)) {
                throw new ArchiveException(name + ": the name is too long", e);
            }
            throw e;
        }
    }

    private void unpack(Path top, TarArchiveEntry entry, InputStream content, List<Path> made) throws IOException {
        if (entry.isGlobalPaxHeader() || entry.isPaxHeader()) {
            return;
        }
        String name = checked(entry.getName());
        if (name.isEmpty()) {
            return;
        }
        var below = new TargetTree(top, target.ownership(), target.epoch());
        String parent = GoPath.dir("/" + name);
        made.addAll(below.directories(parent, UserLookup.Owner.ROOT, Optional.empty()));
        Path path = entry.isDirectory() ? RootedPath.resolve(top, name) : RootedPath.resolveNoFollow(top, name);
        if (path.equals(top)) {
            return;
        }
        if (entry.isLink() && path.equals(RootedPath.resolveNoFollow(top, checked(entry.getLinkName())))) {
            return; // to itself
        }
        Optional<FileStat> there = LinuxFiles.lstatIfExists(path);
        boolean merged = there.isPresent() && there.get().isDirectory() && entry.isDirectory();
        if (there.isPresent() && !merged) {
            Trees.delete(path);
        }
        make(below, path, entry, content, merged);
    }

    private void make(TargetTree below, Path path, TarArchiveEntry entry, InputStream content, boolean exists)
            throws IOException {
        int type = entry.isLink() ? link(below, path, entry) : type(entry);
        if (!entry.isLink() && !make(path, type, entry, content, exists)) {
            return;
        }
        int uid = owner.map(UserLookup.Owner::uid).orElse((int) entry.getLongUserId());
        int gid = owner.map(UserLookup.Owner::gid).orElse((int) entry.getLongGroupId());
        below.setOwner(path, type, uid, gid, entry.getMode() & 07777);
        LayerApplier.setXattrs(path, attributes(entry)); // after the owner: a change of that takes capabilities away
        Instant time = entry.getLastModifiedTime().toInstant();
        if (type == FileStat.DIRECTORY) {
            later.push(() -> LinuxFiles.setTimes(path, time.getEpochSecond(), time.getNano()));
        } else {
            LinuxFiles.setTimes(path, time.getEpochSecond(), time.getNano());
        }
    }

    /** @return false where nothing could be made */
    private boolean make(Path path, int type, TarArchiveEntry entry, InputStream content, boolean exists)
            throws IOException {
        switch (type) {
            case FileStat.DIRECTORY -> {
                if (!exists) {
                    LinuxFiles.mkdir(path, 0755);
                }
            }
            case FileStat.SYMLINK -> LinuxFiles.symlink(entry.getLinkName(), path);
            case FileStat.REGULAR -> write(content, path);
            default -> {
                return device(path, type, entry);
            }
        }
        return true;
    }

    /** Extended attributes as pax has them. Those are bytes, which the tar reader takes for UTF-8. */
    private SortedMap<String, byte[]> attributes(TarArchiveEntry entry) {
        var found = new TreeMap<String, byte[]>();
        entry.getExtraPaxHeaders().forEach((key, value) -> {
            if (!key.startsWith(XATTR_RECORD)) {
                return;
            }
            String name = key.substring(XATTR_RECORD.length());
            if (value.indexOf(UNREADABLE) >= 0) {
                warnings.accept(
                        "ADD: the attribute " + name + " of " + entry.getName() + " cannot be read; it is left out");
            } else {
                found.put(name, value.getBytes(StandardCharsets.UTF_8));
            }
        });
        return found;
    }

    /**
     * Its target lies in what is unpacked, or was there before. Owner, mode and time of a link's entry are then the file's.
     *
     * @return the file's type
     */
    private int link(TargetTree below, Path path, TarArchiveEntry entry) throws IOException {
        Path target = RootedPath.resolveNoFollow(below.root(), checked(entry.getLinkName()));
        Optional<FileStat> file = LinuxFiles.lstatIfExists(target).filter(stat -> !stat.isDirectory());
        if (file.isEmpty()) {
            throw new ArchiveException(entry.getName() + " is a hard link to " + entry.getLinkName()
                    + ", which is no file that was unpacked before");
        }
        LinuxFiles.link(target, path);
        return file.get().type();
    }

    /** @return false where this process may make no device: it is left out, and said */
    private boolean device(Path path, int type, TarArchiveEntry entry) throws IOException {
        try {
            LinuxFiles.mknod(path, type | (entry.getMode() & 07777), entry.getDevMajor(), entry.getDevMinor());
            return true;
        } catch (LinuxException e) {
            if (!e.is(Errno.EPERM)) {
                throw e;
            }
            warnings.accept("ADD: the device " + entry.getName() + " cannot be made here; it is left out");
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

    private static int type(TarArchiveEntry entry) throws CopyRefusedException {
        if (entry.isDirectory()) {
            return FileStat.DIRECTORY;
        }
        if (entry.isSymbolicLink()) {
            return FileStat.SYMLINK;
        }
        if (entry.isCharacterDevice()) {
            return FileStat.CHAR_DEVICE;
        }
        if (entry.isBlockDevice()) {
            return FileStat.BLOCK_DEVICE;
        }
        return entry.isFIFO() ? FileStat.FIFO : FileStat.REGULAR;
    }

    /** Without slashes at the start; empty for the archive's root. */
    private static String checked(String name) throws CopyRefusedException {
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
