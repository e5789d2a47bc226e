package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.linux.AtomicFile;

/**
 * proot starts each program through a small loader, which it holds inside and unpacks to /tmp. Where nothing can be written
 * there, the loader is taken out beforehand.
 */
final class ProotLoader {
    private static final int MAGIC = 0x464c457f;
    private static final int HEADER = 64;
    private static final int CLASS = 4;
    private static final byte BITS_64 = 2;
    private static final int SECTIONS = 0x28;
    private static final int SECTION_SIZE = 0x3a;
    private static final int SECTION_COUNT = 0x3c;

    private ProotLoader() {}

    /** Writes the loader into {@code directory}; empty where {@code proot} holds none. */
    static Optional<Path> extract(Path proot, Path directory) throws IOException {
        Path loader = directory.resolve("proot-loader");
        if (Files.exists(loader)) {
            return Optional.of(loader);
        }
        ByteBuffer program = ByteBuffer.wrap(Files.readAllBytes(binary(proot))).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 1; at + HEADER <= program.capacity(); at++) {
            if (program.getInt(at) == MAGIC && program.get(at + CLASS) == BITS_64) {
                // The table of sections comes last.
                long size = program.getLong(at + SECTIONS)
                        + (long) program.getShort(at + SECTION_SIZE) * program.getShort(at + SECTION_COUNT);
                if (size > HEADER && at + size <= program.capacity()) {
                    byte[] bytes = new byte[(int) size];
                    program.get(at, bytes);
                    AtomicFile.write(loader, AtomicFile.Access.PRIVATE_PROGRAM, bytes);
                    return Optional.of(loader);
                }
            }
        }
        return Optional.empty();
    }

    /** {@code ./install} may have put a script in its place, which names the library that proot needs. */
    private static Path binary(Path proot) {
        Path inLibrary = proot.resolveSibling("proot.lib").resolve("proot");
        return Files.exists(inLibrary) ? inLibrary : proot;
    }
}
