package org.layerbook.engine.builder.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.store.file.TempFiles;

/**
 * What is free on the disk of the store while a RUN is carried out. Where it fails and what is left would not take as much
 * again, its files have to go: kept as {@code @failed} they would make the next attempt fail too.
 */
final class DiskHeadroom {
    private static final long LITTLE_BYTES = 64L << 20;
    private static final long FEW_FILES = 1000;
    private static final int TRIED_BYTES = 1 << 20;

    private final TempFiles temp;
    private final Path disk;
    private final LinuxFiles.Free before;

    private DiskHeadroom(TempFiles temp, Path disk) throws IOException {
        this.temp = temp;
        this.disk = disk;
        this.before = LinuxFiles.free(disk);
    }

    /** Before anything is written. @param disk a folder of the store */
    static DiskHeadroom before(TempFiles temp, Path disk) throws IOException {
        return new DiskHeadroom(temp, disk);
    }

    boolean isShort() throws IOException {
        LinuxFiles.Free now = LinuxFiles.free(disk);
        boolean little = now.bytes() < Math.max(LITTLE_BYTES, before.bytes() - now.bytes());
        boolean few = now.countsFiles() && now.files() < Math.max(FEW_FILES, before.files() - now.files());
        return little || few || isRefused();
    }

    /** A quota of the user's is not in those numbers. */
    private boolean isRefused() throws IOException {
        try {
            Path tried = temp.path();
            try {
                Files.write(tried, new byte[TRIED_BYTES]);
            } finally {
                Files.deleteIfExists(tried);
            }
            return false;
        } catch (IOException e) {
            if (StoreException.ofFullDisk(disk, e).isPresent()) {
                return true;
            }
            throw e;
        }
    }
}
