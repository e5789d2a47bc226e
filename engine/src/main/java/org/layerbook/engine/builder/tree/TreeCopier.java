package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.builder.step.ThrottledProgress;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.ChmodMode;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileCopy;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.sandbox.UserLookup;

/**
 * Copies sources into a root file system, with the rules of BuildKit's copier (tonistiigi/fsutil): the contents of a
 * folder, not the folder; links inside a source as links; hard links inside a source kept; existing folders merged, of
 * which only those below the destination take the source's owner and mode.
 */
public final class TreeCopier {
    /**
     * @param owner of everything, instead of the source's
     */
    public record Options(Optional<UserLookup.Owner> owner, Optional<ChmodMode> mode, Selection selection) {}

    private final TargetTree target;
    private final Options options;
    private final ThrottledProgress meter;
    private final Cancellation cancellation;
    private final List<Path> made = new ArrayList<>();

    public TreeCopier(TargetTree target, Options options, Cancellation cancellation) {
        this(target, options, ThrottledProgress.SILENT, cancellation);
    }

    /** @param meter hears of the bytes of files */
    public TreeCopier(TargetTree target, Options options, ThrottledProgress meter, Cancellation cancellation) {
        this.target = target;
        this.options = options;
        this.meter = meter;
        this.cancellation = cancellation;
    }

    /**
     * @param name what the source is called in a destination that is a folder: its own, or that of the link that led to it
     * @param destination absolute; a slash (or {@code /.}) at the end says that it is a folder
     */
    public void copy(SourceTree tree, SourceTree.Entry source, String name, String destination) throws IOException {
        boolean isFolder = destination.endsWith("/") || destination.endsWith("/.");
        directories(isFolder ? destination : GoPath.dir(destination));
        Path path = RootedPath.resolve(target.root(), destination);
        Optional<FileStat> there = LinuxFiles.lstatIfExists(path);
        boolean intoFolder =
                !source.stat().isDirectory() && there.isPresent() && there.get().isDirectory();
        if (intoFolder) {
            path = path.resolve(name);
        } else if (source.stat().isDirectory() && there.isEmpty()) {
            directories(target.inside(path));
        }
        options.selection().walk(tree, source, new Writer(tree, path), cancellation);
        target.touch(made);
    }

    private void directories(String inside) throws IOException {
        made.addAll(target.directories(inside, options.owner().orElse(UserLookup.Owner.ROOT), options.mode()));
    }

    /** A folder that is being copied. */
    private static final class Frame {
        private final SourceTree.Entry source;
        private final Path path;
        private final boolean isTop;
        private boolean written;
        private boolean made;

        Frame(SourceTree.Entry source, Path path, boolean isTop) {
            this.source = source;
            this.path = path;
            this.isTop = isTop;
        }
    }

    private final class Writer implements Selection.Visitor {
        private final SourceTree tree;
        private final Path top;
        private final Deque<Frame> frames = new ArrayDeque<>();
        private final Map<Long, Path> linked = new HashMap<>();
        private final FileCopy fileCopy = new FileCopy(n -> {
            meter.add(n);
            CancelledException.check(cancellation);
        });

        Writer(SourceTree tree, Path top) {
            this.tree = tree;
            this.top = top;
        }

        private Path pathOf(SourceTree.Entry entry) {
            return frames.isEmpty()
                    ? top
                    : frames.peekLast().path.resolve(entry.file().getFileName());
        }

        @Override
        public void enter(SourceTree.Entry folder, String relative, boolean included) throws IOException {
            frames.addLast(new Frame(folder, pathOf(folder), frames.isEmpty()));
            if (included) {
                writeFolders();
            }
        }

        /** Folders that were entered only for what might be in them are made once there is something. */
        private void writeFolders() throws IOException {
            for (Frame frame : frames) {
                if (!frame.written) {
                    frame.made = target.ensureDirectory(frame.path);
                    frame.written = true;
                }
            }
        }

        @Override
        public void leave(SourceTree.Entry folder, String relative, boolean included) throws IOException {
            Frame frame = frames.removeLast();
            if (!frame.written) {
                return;
            }
            if (frame.made || (!frame.isTop && included)) {
                attributes(frame.source, frame.path, false);
            } else if (frame.isTop) {
                target.setTime(frame.path, frame.source.stat().mtime());
            } else {
                modeOnly(frame.source, frame.path);
            }
        }

        @Override
        public void file(SourceTree.Entry file, String relative) throws IOException {
            Path path = pathOf(file);
            writeFolders();
            // In a folder that this copy has made there is nothing yet, nor can it give its group away.
            boolean isFresh = !frames.isEmpty() && frames.peekLast().made;
            if (!isFresh) {
                clear(path);
            }
            content(file, path);
            attributes(file, path, isFresh);
        }

        private void clear(Path path) throws IOException {
            target.clearForFile(path);
        }

        private void content(SourceTree.Entry file, Path path) throws IOException {
            FileStat stat = file.stat();
            switch (stat.type()) {
                case FileStat.REGULAR -> {
                    Path first = stat.links() > 1 ? linked.putIfAbsent(stat.inode(), path) : null;
                    if (first != null) {
                        LinuxFiles.link(first, path);
                    } else {
                        fileCopy.copy(file.file(), path, stat.size());
                    }
                }
                case FileStat.SYMLINK -> LinuxFiles.symlink(LinuxFiles.readlink(file.file()), path);
                // No layer can hold a socket, and nobody would listen at it.
                case FileStat.SOCKET -> Files.createFile(path);
                default -> LinuxFiles.mknod(path, stat.mode(), stat.rdevMajor(), stat.rdevMinor());
            }
        }

        private void attributes(SourceTree.Entry source, Path path, boolean isNew) throws IOException {
            FileStat stat = source.stat();
            int type = stat.type() == FileStat.SOCKET ? FileStat.REGULAR : stat.type();
            Ownership.Owner had = ownerOf(source);
            int permissions = options.mode()
                    .map(mode -> mode.apply(had.permissions(), stat.isDirectory()))
                    .orElse(had.permissions());
            int uid = options.owner().map(UserLookup.Owner::uid).orElse(had.uid());
            int gid = options.owner().map(UserLookup.Owner::gid).orElse(had.gid());
            var owner = new Ownership.Owner(uid, gid, permissions);
            if (isNew) {
                target.ownership().setNew(path, type, owner);
            } else {
                target.ownership().set(path, type, owner);
            }
            if (stat.isRegular() || stat.isDirectory()) {
                for (Map.Entry<String, byte[]> attribute :
                        TreeForm.attributes(source.file()).entrySet()) {
                    setAttribute(path, attribute.getKey(), attribute.getValue());
                }
            }
            target.setTime(path, stat.mtime());
        }

        private Ownership.Owner ownerOf(SourceTree.Entry source) throws IOException {
            return tree.isContext()
                    ? new Ownership.Owner(0, 0, source.stat().permissions())
                    : target.ownership().of(source.file(), source.stat());
        }

        /** Entered for what is in it, and there already: a folder takes the source's mode and keeps its owner. */
        private void modeOnly(SourceTree.Entry folder, Path path) throws IOException {
            Ownership.Owner has = target.ownership().of(path, LinuxFiles.lstat(path));
            int permissions = ownerOf(folder).permissions();
            target.ownership().set(path, FileStat.DIRECTORY, new Ownership.Owner(has.uid(), has.gid(), permissions));
        }

        /** A file system without attributes does not make the copy fail; BuildKit only logs it. */
        private void setAttribute(Path path, String name, byte[] value) throws IOException {
            try {
                Xattrs.set(path, name, value);
            } catch (LinuxException e) {
                if (!e.is(Errno.EOPNOTSUPP) && !e.is(Errno.EPERM)) {
                    throw e;
                }
            }
        }
    }
}
