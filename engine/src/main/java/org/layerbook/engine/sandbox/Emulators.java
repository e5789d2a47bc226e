package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which other machines' programs the kernel runs through an emulator (Linux, Documentation/admin-guide/binfmt-misc.rst).
 *
 * @param folder {@code /proc/sys/fs/binfmt_misc}, where the kernel lists them
 */
public record Emulators(Path folder) {
    public static final Emulators OF_KERNEL = new Emulators(Path.of("/proc/sys/fs/binfmt_misc"));

    /** {@code e_machine} of the ELF header, by Go's names of architectures. */
    private static final Map<String, Integer> MACHINES = Map.of(
            "386",
            3,
            "arm",
            40,
            "ppc64le",
            21,
            "s390x",
            22,
            "amd64",
            62,
            "arm64",
            183,
            "riscv64",
            243,
            "mips64le",
            8,
            "loong64",
            258);

    private static final String ELF = "7f454c46";
    /** Where the machine stands in the magic, in hexadecimal digits. */
    private static final int MACHINE = 18 * 2;

    /**
     * The name of an emulator for {@code architecture} that works in any root file system: one that the kernel opened when
     * it was registered (flag {@code F}).
     */
    public Optional<String> find(String architecture) {
        Integer machine = MACHINES.get(architecture);
        if (machine == null) {
            return Optional.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> isFor(entry, machine))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // not mounted: then nobody has registered anything that could be seen
        }
    }

    private static boolean isFor(Path entry, int machine) {
        List<String> lines;
        try {
            lines = Files.readAllLines(entry);
        } catch (IOException e) {
            return false; // "register" can only be written
        }
        return lines.contains("enabled")
                && value(lines, "flags:").filter(flags -> flags.contains("F")).isPresent()
                && value(lines, "offset").filter("0"::equals).isPresent()
                && value(lines, "magic").filter(magic -> isOf(magic, machine)).isPresent();
    }

    private static Optional<String> value(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    private static boolean isOf(String magic, int machine) {
        if (!magic.startsWith(ELF) || magic.length() < MACHINE + 4) {
            return false;
        }
        int first = Integer.parseInt(magic.substring(MACHINE, MACHINE + 2), 16);
        int second = Integer.parseInt(magic.substring(MACHINE + 2, MACHINE + 4), 16);
        boolean bigEndian = magic.startsWith("02", 10);
        return machine == (bigEndian ? first << 8 | second : second << 8 | first);
    }
}
