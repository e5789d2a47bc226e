package org.layerbook.engine.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes a file whole or not at all: beside its place first, then renamed over what is there. Within the store its own
 * files serve for this.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Who may use the file, as far as the umask lets them. */
    public enum Access {
        PRIVATE("rw-------"),
        PRIVATE_PROGRAM("rwx------"),
        SHARED("rw-rw-rw-");

        private final Set<PosixFilePermission> permissions;

        Access(String permissions) {
            this.permissions = PosixFilePermissions.fromString(permissions);
        }
    }

    /** @param <E> what the content may fail with besides */
    @FunctionalInterface
    public interface Content<E extends Exception> {
        /** @param out buffered by nobody */
        void writeTo(OutputStream out) throws IOException, E;
    }

    /** @param file in a folder that exists */
    public static <E extends Exception> void write(Path file, Access access, Content<E> content) throws IOException, E {
        Path folder = file.toAbsolutePath().getParent();
        var attribute = PosixFilePermissions.asFileAttribute(access.permissions);
        Path made = Files.createTempFile(folder, ".layerbook-", ".tmp", attribute);
        try {
            try (OutputStream out = Files.newOutputStream(made)) {
                content.writeTo(out);
            }
            Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    public static void write(Path file, Access access, byte[] content) throws IOException {
        write(file, access, out -> out.write(content));
    }
}
