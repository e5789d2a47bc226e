package org.layerbook.interpreter.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text compared with a file under {@code src/test/resources}. Run with {@code -Dgolden.update=true} to write the files
 * anew, and read the difference before committing it.
 */
public final class Golden {
    private static final Path ROOT = Path.of("src/test/resources");

    private Golden() {}

    public static void check(String file, String actual) {
        Path path = ROOT.resolve(file);
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, actual);
                return;
            }
            String expected = Files.exists(path) ? Files.readString(path) : "(no file " + path + ")";
            assertEquals(expected, actual, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
