package org.layerbook.engine.archive;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.oci.Digest;

/** Makes tars for tests, entry by entry. */
public final class TestTar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    /** Without the time, so that equal tars are equal. */
    private static TarArchiveEntry entry(String name, byte type) {
        var entry = new TarArchiveEntry(name, type, true);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        return entry;
    }

    public TestTar file(String name, byte[] content) throws IOException {
        var entry = entry(name, TarConstants.LF_NORMAL);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
        return this;
    }

    public TestTar file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public TestTar blob(byte[] content) throws IOException {
        return file("blobs/sha256/" + Digest.sha256(content).hex(), content);
    }

    /** A header that promises {@code size} bytes, of which none come: the tar ends with it. */
    byte[] endingInHeader(String name, byte type, long size) throws IOException {
        var entry = entry(name, type);
        entry.setSize(size);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
        tar.flush();
        bytes.write(header);
        return bytes.toByteArray();
    }

    /** @param type of {@link TarConstants} */
    TestTar special(String name, byte type, String link) throws IOException {
        var entry = entry(name, type);
        entry.setLinkName(link);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
        return this;
    }

    public byte[] bytes() throws IOException {
        tar.finish();
        return bytes.toByteArray();
    }

    /** A layer with one file. */
    public static byte[] layer(String file) throws IOException {
        return new TestTar().file(file, "content of " + file).bytes();
    }

    static Map<String, byte[]> read(byte[] tar) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                files.put(e.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    public static byte[] compress(byte[] content, Compression compression) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream packed = switch (compression) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out);
            case ZSTD -> new ZstdOutputStream(out);
            case XZ -> new XZCompressorOutputStream(out);
            case BZIP2 -> new BZip2CompressorOutputStream(out);
        }) {
            packed.write(content);
        }
        return out.toByteArray();
    }
}
