package org.layerbook.engine.layer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarWriter;

/** Tars that no tree would give. Times are 1000 seconds, owners root unless said. */
final class TarBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter writer = new TarWriter(bytes);

    TarBuilder file(String name, String content) {
        return add(TarEntry.Kind.FILE, name, 0644, "", content, TarEntry.NO_XATTRS, 0, 0);
    }

    TarBuilder directory(String name) {
        return directory(name, 0755);
    }

    TarBuilder directory(String name, int permissions) {
        return add(TarEntry.Kind.DIRECTORY, name, permissions, "", "", TarEntry.NO_XATTRS, 0, 0);
    }

    TarBuilder symlink(String name, String target) {
        return add(TarEntry.Kind.SYMLINK, name, 0777, target, "", TarEntry.NO_XATTRS, 0, 0);
    }

    TarBuilder link(String name, String target) {
        return add(TarEntry.Kind.HARD_LINK, name, 0644, target, "", TarEntry.NO_XATTRS, 0, 0);
    }

    TarBuilder device(TarEntry.Kind kind, String name, int major, int minor) {
        return add(kind, name, 0666, "", "", TarEntry.NO_XATTRS, major, minor);
    }

    TarBuilder withXattr(TarEntry.Kind kind, String name, String attribute, String value) {
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        xattrs.put(attribute, value.getBytes(StandardCharsets.UTF_8));
        return add(kind, name, 0755, "", "", xattrs, 0, 0);
    }

    /** Of a file whose content does not follow. */
    TarBuilder header(String name, long size, int uid) {
        return header(
                new TarEntry(TarEntry.Kind.FILE, name, 0644, uid, 0, size, 1000, 0, "", 0, 0, TarEntry.NO_XATTRS));
    }

    private TarBuilder add(
            TarEntry.Kind kind,
            String name,
            int permissions,
            String link,
            String content,
            SortedMap<String, byte[]> xattrs,
            int major,
            int minor) {
        byte[] data = content.getBytes(StandardCharsets.UTF_8);
        header(new TarEntry(
                kind,
                ByteString.ofText(name),
                permissions,
                0,
                0,
                data.length,
                1000,
                0,
                ByteString.ofText(link),
                major,
                minor,
                xattrs));
        if (data.length > 0) {
            try {
                Path file = Files.createTempFile("layerbook", "content");
                Files.write(file, data);
                try (FileChannel channel = FileChannel.open(file)) {
                    writer.content(channel, data.length);
                }
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    private TarBuilder header(TarEntry entry) {
        try {
            writer.header(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    byte[] build() {
        try {
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A header block with a right checksum, made of raw fields. */
    static byte[] block(String name, char flag, String size) {
        byte[] h = new byte[512];
        put(h, 0, name);
        put(h, 100, "0000644\0");
        put(h, 108, "0000000\0");
        put(h, 116, "0000000\0");
        put(h, 124, size);
        put(h, 136, "00000001750\0");
        h[156] = (byte) flag;
        put(h, 257, "ustar\00000");
        put(h, 148, "        ");
        int sum = 0;
        for (byte b : h) {
            sum += b & 0xff;
        }
        put(h, 148, String.format("%06o\0 ", sum));
        return h;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** {@code content} filled up to whole blocks. */
    static byte[] blocks(String content) {
        byte[] raw = content.getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(raw, (raw.length + 511) / 512 * 512);
    }

    private static void put(byte[] h, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            h[at + i] = (byte) text.charAt(i);
        }
    }
}
