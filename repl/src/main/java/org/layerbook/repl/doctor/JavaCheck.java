package org.layerbook.repl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The JDK, and whether this process began with the AOT cache that ./install makes. */
final class JavaCheck {
    private static final Path MAPS = Path.of("/proc/self/maps");

    private JavaCheck() {}

    static List<Finding> findings() {
        return List.of(java(), cache(mapped(MAPS)));
    }

    private static Finding java() {
        String vendor = System.getProperty("java.vendor.version", "");
        String name = vendor.isBlank()
                ? System.getProperty("java.vendor") + " " + Runtime.version()
                : vendor + " (" + Runtime.version() + ")";
        return Finding.good("Java", name + " in " + System.getProperty("java.home"));
    }

    /** A cache that is named but does not fit this JDK or class path is left aside by the JVM, and then is not mapped. */
    private static Optional<String> mapped(Path maps) {
        try (var lines = Files.lines(maps)) {
            return lines.filter(line -> line.endsWith(".aot"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Finding cache(Optional<String> file) {
        return file.map(f -> Finding.good("AOT cache", f))
                .orElseGet(() -> Finding.weak(
                        "AOT cache",
                        "not in use: starting takes about three times as long",
                        "`./install` creates it; run it again after the JDK changes."));
    }
}
