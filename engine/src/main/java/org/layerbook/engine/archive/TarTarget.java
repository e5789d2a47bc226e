package org.layerbook.engine.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarWriter;
import org.layerbook.engine.oci.Descriptor;

/** A tar in which nothing depends on time or machine. */
final class TarTarget implements ArchiveTarget {
    private final OutputStream out;
    private final TarWriter tar;

    /** @param out not closed */
    TarTarget(OutputStream out) {
        this.out = out;
        this.tar = new TarWriter(out);
    }

    @Override
    public List<Descriptor> entries() {
        return List.of();
    }

    @Override
    public void folder(String name) throws IOException {
        header(TarEntry.Kind.DIRECTORY, name.substring(0, name.length() - 1), 0755, 0);
    }

    @Override
    public void file(String name, long size, InputStream in) throws IOException {
        header(TarEntry.Kind.FILE, name, 0644, size);
        tar.content(in, size);
    }

    private void header(TarEntry.Kind kind, String name, int permissions, long size) throws IOException {
        String raw = ByteString.ofText(name);
        tar.header(new TarEntry(kind, raw, permissions, 0, 0, size, 0, 0, "", 0, 0, TarEntry.NO_XATTRS));
    }

    @Override
    public void finish() throws IOException {
        tar.end();
        out.flush();
    }
}
