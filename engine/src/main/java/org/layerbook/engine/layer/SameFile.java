package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/** Whether a file is what it was in the layers below. */
final class SameFile {
    private final TreeForm form;

    SameFile(TreeForm form) {
        this.form = form;
    }

    /** Of two that are not directories: everything but the number of names and the time of access. */
    boolean file(Path path, FileStat stat, LowerDirs.Visible below) throws IOException {
        FileStat other = below.stat();
        return stat.mtimeSeconds() == other.mtimeSeconds()
                && stat.mtimeNanos() == other.mtimeNanos()
                && apartFromTime(new LowerDirs.Visible(path, stat), below);
    }

    /** Of two of any kind; of directories without what is in them. */
    boolean apartFromTime(LowerDirs.Visible one, LowerDirs.Visible other) throws IOException {
        FileStat stat = one.stat();
        if (stat.type() != other.stat().type() || !attributes(one.path(), stat, other)) {
            return false;
        }
        return one.path().equals(other.path())
                || switch (stat.type()) {
                    case FileStat.DIRECTORY -> true;
                    case FileStat.REGULAR ->
                        stat.size() == other.stat().size() && Files.mismatch(one.path(), other.path()) < 0;
                    case FileStat.SYMLINK ->
                        Arrays.equals(LinuxFiles.readlink(one.path()), LinuxFiles.readlink(other.path()));
                    default ->
                        stat.rdevMajor() == other.stat().rdevMajor()
                                && stat.rdevMinor() == other.stat().rdevMinor();
                };
    }

    /** Of two directories: not their times, which change with what is in them. */
    boolean directory(Path path, FileStat stat, LowerDirs.Visible below) throws IOException {
        return attributes(path, stat, below);
    }

    private boolean attributes(Path path, FileStat stat, LowerDirs.Visible below) throws IOException {
        if (!form.ownership().of(path, stat).equals(form.ownership().of(below.path(), below.stat()))) {
            return false;
        }
        SortedMap<String, byte[]> here = TreeForm.attributes(path);
        SortedMap<String, byte[]> there = TreeForm.attributes(below.path());
        return here.keySet().equals(there.keySet())
                && here.keySet().stream().allMatch(k -> Arrays.equals(here.get(k), there.get(k)));
    }
}
