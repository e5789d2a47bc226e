package org.layerbook.repl;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** What {@code ./install} makes, out of this test's own class path: any user can start it. */
final class Installation {
    private static final Path LAUNCHER = Path.of("../launcher");
    private static final List<String> ONLY_FOR_TESTS =
            List.of("junit", "opentest4j", "apiguardian", "archunit", "slf4j");

    private Installation() {}

    /** @return the launcher */
    static Path make(Path folder) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        try (var files = Files.walk(LAUNCHER)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(LAUNCHER.relativize(each));
                Files.createDirectories(copy.getParent());
                Files.copy(each, copy);
                copy.toFile().setExecutable(true, false);
            }
        }
        Files.writeString(folder.resolve("jdk"), System.getProperty("java.home") + "\n");
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int number = 0;
        for (String entry : own.split(":")) {
            Path path = Path.of(entry);
            String name = path.getFileName().toString();
            Predicate<String> starts = name::startsWith;
            if (Files.isDirectory(path) && !name.equals("test-classes")) {
                jar(path, lib.resolve("classes" + number++ + ".jar"));
            } else if (Files.isRegularFile(path)
                    && ONLY_FOR_TESTS.stream().noneMatch(starts)
                    && !name.contains("tests")) {
                Files.copy(path, lib.resolve(name));
            }
        }
        return folder.resolve("layerbook");
    }

    /** The AOT cache, without which every start takes three times as long. */
    static void makeCache(Path launcher, Path work) throws IOException, InterruptedException {
        Path cache = Files.createDirectory(launcher.resolveSibling("aot")).resolve("repl.aot");
        var builder = new ProcessBuilder(launcher.toString(), "--train");
        builder.redirectErrorStream(true)
                .redirectOutput(work.resolve("training.log").toFile());
        builder.environment().put("LAYERBOOK_HOME", work.resolve("training").toString());
        builder.environment().put("LAYERBOOK_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + cache + " -XX:-AOTRecordTraining");
        builder.start().waitFor();
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                var entries = new JarOutputStream(out);
                var files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
                Files.copy(each, entries);
            }
        }
    }
}
