package org.layerbook.engine.linux;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Paths inside a root directory, as a process sees them whose root it is: an absolute symbolic link begins at the root
 * again, and {@code ..} at the root stays there. So no link leads out. What does not exist is resolved by its name
 * alone, and so is what lies below a file.
 *
 * <p>The tree must not change while a path is resolved; nothing runs in it then.
 */
public final class RootedPath {
    /** As many links as the kernel follows in one path ({@code MAXSYMLINKS}). */
    private static final int MAX_LINKS = 40;

    private RootedPath() {}

    /** Where {@code inside} really lies, following links in every place. */
    public static Path resolve(Path root, String inside) throws IOException {
        return resolve(root, inside, true);
    }

    /** As {@link #resolve}, but where the last name is a symbolic link, that link itself. */
    public static Path resolveNoFollow(Path root, String inside) throws IOException {
        return resolve(root, inside, false);
    }

    /** Called for each directory that was missing, outermost first, just after it was made with mode 0755. */
    public interface Made {
        void made(Path directory) throws IOException;
    }

    /**
     * The directory {@code inside}, following links in every place, made with its parents where it is missing.
     *
     * @throws LinuxException {@link Errno#ENOTDIR} where a file is in the way
     */
    public static Path createDirectories(Path root, String inside, Made made) throws IOException {
        Path directory = resolve(root, inside);
        createMissing(root, directory, made);
        return directory;
    }

    /** Where {@code inside} lies, the last name not followed, with its parent directories made where they are missing. */
    public static Path createParents(Path root, String inside, Made made) throws IOException {
        Path path = resolveNoFollow(root, inside);
        if (!path.equals(root)) {
            createMissing(root, path.getParent(), made);
        }
        return path;
    }

    private static void createMissing(Path root, Path directory, Made made) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        Path at = directory;
        while (!at.equals(root)) {
            Optional<FileStat> stat = LinuxFiles.lstatIfExists(at);
            if (stat.isPresent()) {
                if (!stat.get().isDirectory()) {
                    throw new LinuxException(Errno.ENOTDIR.number(), SystemCall.MKDIRAT.title(), at);
                }
                break;
            }
            missing.push(at);
            at = at.getParent();
        }
        for (Path each : missing) {
            LinuxFiles.mkdir(each, 0755);
            made.made(each);
        }
    }

    private static Path resolve(Path root, String inside, boolean followLast) throws IOException {
        Deque<String> todo = new ArrayDeque<>(List.of(inside.split("/")));
        Path at = root;
        int links = 0;
        while (!todo.isEmpty()) {
            String name = todo.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.equals(root) ? root : at.getParent();
                continue;
            }
            Path next = at.resolve(name);
            boolean last = todo.stream().allMatch(n -> n.isEmpty() || n.equals("."));
            boolean keep = last && !followLast;
            if (keep || !LinuxFiles.lstatIfExists(next).map(FileStat::isSymlink).orElse(false)) {
                at = next;
                continue;
            }
            if (++links > MAX_LINKS) {
                throw new FileSystemLoopException(
                        root.resolve(inside.replaceFirst("^/+", "")).toString());
            }
            String target = Files.readSymbolicLink(next).toString();
            List<String> names = List.of(target.split("/"));
            names.reversed().forEach(todo::push);
            if (target.startsWith("/")) {
                at = root;
            }
        }
        return at;
    }
}
