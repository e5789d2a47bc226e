package org.layerbook.interpreter.crosscheck;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * A file of a build context.
 *
 * @param text content of a file, target of a link, what a tar is compressed with
 */
record ContextFile(Kind kind, String path, int mode, String text) {
    enum Kind {
        FILE,
        FOLDER,
        LINK,
        HARD_LINK,
        TAR
    }

    private static final long OLD = 1_000_000_000;

    /** Parents come first in a list of these; modes and times come by {@link #finish}. */
    void write(Path root) throws IOException {
        Path file = root.resolve(path);
        switch (kind) {
            case FILE -> Files.writeString(file, text);
            case FOLDER -> LinuxFiles.mkdir(file, 0755);
            case LINK -> LinuxFiles.symlink(text, file);
            case HARD_LINK -> LinuxFiles.link(root.resolve(text), file);
            case TAR -> Files.write(file, tar(text));
        }
    }

    void finish(Path root) throws IOException {
        Path file = root.resolve(path);
        if (kind != Kind.LINK && kind != Kind.HARD_LINK) {
            LinuxFiles.chmodFollowing(file, mode);
        }
        // An engine takes a file of the same size and time for the one of an earlier build.
        LinuxFiles.setTimes(file, OLD + (text.hashCode() & 0xffff), 0);
    }

    private static byte[] tar(String compression) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream packed = switch (compression) {
                    case "gz" -> new GZIPOutputStream(bytes);
                    case "bz2" -> new BZip2CompressorOutputStream(bytes);
                    case "xz" -> new XZCompressorOutputStream(bytes);
                    default -> bytes;
                };
                var tar = new TarArchiveOutputStream(packed, "UTF-8")) {
            entry(tar, "t/", TarConstants.LF_DIR, 0750, "");
            entry(tar, "t/file", TarConstants.LF_NORMAL, 0640, "");
            entry(tar, "t/hard", TarConstants.LF_LINK, 0640, "t/file");
            entry(tar, "t/soft", TarConstants.LF_SYMLINK, 0777, "file");
            entry(tar, "t/setuid", TarConstants.LF_NORMAL, 04755, "");
            entry(tar, "without/parent", TarConstants.LF_NORMAL, 0600, "");
            entry(tar, "./dot", TarConstants.LF_NORMAL, 0666, "");
        }
        return bytes.toByteArray();
    }

    private static void entry(TarArchiveOutputStream tar, String name, byte type, int mode, String link)
            throws IOException {
        var entry = new TarArchiveEntry(name, type);
        entry.setMode(mode);
        entry.setIds(3, 4);
        entry.setLinkName(link);
        entry.setLastModifiedTime(FileTime.fromMillis(OLD * 1000));
        byte[] content = type == TarConstants.LF_NORMAL ? name.getBytes(StandardCharsets.UTF_8) : new byte[0];
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Override
    public String toString() {
        return "%s %04o %s %s".formatted(kind, mode, path, text.replace("\n", "\\n"));
    }
}
