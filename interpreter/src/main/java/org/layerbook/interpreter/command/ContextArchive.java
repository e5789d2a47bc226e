package org.layerbook.interpreter.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.layerbook.engine.linux.RootedPath;

/**
 * A build context that comes as a tar, plain or compressed. It is not trusted: no name leaves the folder, links in it are
 * followed as if the folder were the root, devices are left out.
 */
final class ContextArchive {
    private static final int MAGIC_AT = 257;

    private ContextArchive() {}

    /** @param head the first 512 bytes, or all there are */
    static boolean looksLikeOne(byte[] head) {
        return isCompressed(head)
                || head.length >= MAGIC_AT + 5
                        && new String(head, MAGIC_AT, 5, java.nio.charset.StandardCharsets.ISO_8859_1).equals("ustar");
    }

    private static boolean isCompressed(byte[] head) {
        return begins(head, 0x1f, 0x8b)
                || begins(head, 'B', 'Z', 'h')
                || begins(head, 0xfd, '7', 'z', 'X', 'Z')
                || begins(head, 0x28, 0xb5, 0x2f, 0xfd);
    }

    private static boolean begins(byte[] head, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= head.length || (head[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    static void unpack(BufferedInputStream in, Path folder) throws IOException {
        in.mark(MAGIC_AT);
        byte[] head = in.readNBytes(8);
        in.reset();
        InputStream plain = in;
        if (isCompressed(head)) {
            try {
                plain = new CompressorStreamFactory(true).createCompressorInputStream(in);
            } catch (CompressorException e) {
                throw new IOException("the build context cannot be decompressed: " + e.getMessage(), e);
            }
        }
        var tar = new TarArchiveInputStream(plain);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            unpack(tar, entry, folder);
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder) throws IOException {
        String name = entry.getName().replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
        if (name.isEmpty() || name.equals(".")) {
            return;
        }
        if (Set.of(name.split("/")).contains("..")) {
            throw new IOException("the build context has a file outside of itself: " + entry.getName());
        }
        Path path = RootedPath.createParents(folder, name, made -> {});
        if (entry.isDirectory()) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(path);
                Files.createDirectory(path);
            }
        } else if (entry.isSymbolicLink()) {
            Files.deleteIfExists(path);
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        } else if (entry.isLink()) {
            Path target = RootedPath.resolveNoFollow(folder, entry.getLinkName().replaceFirst("^(\\./|/)+", ""));
            Files.deleteIfExists(path);
            Files.createLink(path, target);
            return;
        } else if (entry.isFile()) {
            Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
        } else {
            return;
        }
        Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        Files.setLastModifiedTime(
                path, FileTime.fromMillis(entry.getLastModifiedTime().toMillis()));
    }

    /** The owner may always read, as whoever removes the folder has to. */
    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] bits = PosixFilePermission.values();
        for (int i = 0; i < bits.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(bits[i]);
            }
        }
        return permissions;
    }
}
