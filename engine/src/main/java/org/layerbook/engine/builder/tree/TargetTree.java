package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.CopyRefusedException;
import org.layerbook.engine.dockerfile.ChmodMode;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.engine.sandbox.UserLookup;

/**
 * The root file system that a step writes to. Links in it are followed as if it were the root, so nothing is written
 * outside.
 *
 * @param ownership how owners are kept here
 * @param epoch times of what is made, in seconds; otherwise now
 */
public record TargetTree(Path root, Ownership ownership, Optional<Long> epoch) {
    private static final int DIRECTORY_MODE = 0755;

    /**
     * Makes the folder {@code inside} and its parents where they are missing. Their times are the caller's to set, when
     * what goes into them is there.
     *
     * @param owner of those that are made
     * @param mode of those that are made: an octal {@code --chmod}; a symbolic one leaves them at 0755
     * @return those that were made, outermost first
     */
    public List<Path> directories(String inside, UserLookup.Owner owner, Optional<ChmodMode> mode) throws IOException {
        int permissions = mode.filter(TargetTree::isOctal)
                .map(octal -> octal.apply(0, true))
                .orElse(DIRECTORY_MODE);
        var made = new ArrayList<Path>();
        RootedPath.createDirectories(root, inside, directory -> {
            setOwner(directory, FileStat.DIRECTORY, owner.uid(), owner.gid(), permissions);
            made.add(directory);
        });
        return made;
    }

    /** SOURCE_DATE_EPOCH holds for what the build makes; otherwise it is as old as it is. */
    public void touch(List<Path> made) throws IOException {
        if (epoch.isPresent()) {
            for (Path directory : made.reversed()) {
                LinuxFiles.setTimes(directory, epoch.get(), 0);
            }
        }
    }

    private static boolean isOctal(ChmodMode mode) {
        return mode.toString().matches("[0-7]+");
    }

    public void setOwner(Path file, int type, int uid, int gid, int permissions) throws IOException {
        ownership.set(file, type, new Ownership.Owner(uid, gid, permissions));
    }

    /** The time of a copy: the source's, unless the epoch is given. */
    void setTime(Path file, Instant time) throws IOException {
        LinuxFiles.setTimes(file, epoch.orElse(time.getEpochSecond()), epoch.isPresent() ? 0 : time.getNano());
    }

    /** Where {@code path} lies inside, for messages. */
    String inside(Path path) {
        return path.equals(root) ? "/" : "/" + root.relativize(path);
    }

    /** Makes room for something that is no folder. */
    void clearForFile(Path target) throws IOException {
        Optional<FileStat> there = LinuxFiles.lstatIfExists(target);
        if (there.isEmpty()) {
            return;
        }
        if (there.get().isDirectory()) {
            throw new CopyRefusedException("cannot replace to directory " + inside(target) + " with file");
        }
        Files.deleteIfExists(target);
    }

    /** @return whether it was made now */
    boolean ensureDirectory(Path target) throws IOException {
        Optional<FileStat> there = LinuxFiles.lstatIfExists(target);
        if (there.isEmpty()) {
            LinuxFiles.mkdir(target, DIRECTORY_MODE);
            return true;
        }
        if (!there.get().isDirectory()) {
            throw new CopyRefusedException("cannot copy to non-directory: " + inside(target));
        }
        return false;
    }
}
