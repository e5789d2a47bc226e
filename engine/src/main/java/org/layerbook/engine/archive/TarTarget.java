package org.layerbook.engine.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.layerbook.engine.compress.Streams;
import org.layerbook.engine.oci.Descriptor;

/** A tar in which nothing depends on time or machine. */
final class TarTarget implements ArchiveTarget {
    private final TarArchiveOutputStream tar;

    /** @param out not closed */
    TarTarget(OutputStream out) {
        this.tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    @Override
    public List<Descriptor> entries() {
        return List.of();
    }

    @Override
    public void folder(String name) throws IOException {
        tar.putArchiveEntry(entry(name, 0755, 0));
        tar.closeArchiveEntry();
    }

    @Override
    public void file(String name, long size, InputStream in) throws IOException {
        tar.putArchiveEntry(entry(name, 0644, size));
        Streams.copy(in, tar);
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry entry(String name, int mode, long size) {
        var entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(size);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        entry.setIds(0, 0);
        entry.setNames("", "");
        return entry;
    }

    @Override
    public void finish() throws IOException {
        tar.finish();
        tar.flush();
    }
}
