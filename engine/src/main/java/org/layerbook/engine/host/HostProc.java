package org.layerbook.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code /proc} of the host, which the launcher has opened for this process: with it processes outside of this process's own
 * namespace are seen, and their namespaces can be entered. Process numbers are the host's.
 */
public record HostProc(Path root) {
    private static final String VARIABLE = "LAYERBOOK_HOST_PROC";
    /** Where the fields of {@code stat} begin to be countable: the program's name before them may hold anything. */
    private static final String END_OF_NAME = ") ";

    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** Empty where no launcher has started this process. */
    public static Optional<HostProc> of(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(VARIABLE)).map(fd -> new HostProc(Path.of("/proc/self/fd", fd)));
    }

    /** A process, told apart from a later one of the same number. @param started in clock ticks after the boot */
    public record Process(long pid, long started) {}

    public Path folder(long pid) {
        return root.resolve(Long.toString(pid));
    }

    /** The number that the host has for this process. */
    public long self() throws IOException {
        return Long.parseLong(Files.readSymbolicLink(root.resolve("self")).toString());
    }

    /** The living process of that number. */
    public Optional<Process> find(long pid) throws IOException {
        return stat(pid)
                .filter(fields -> !fields[STATE].equals("Z") && !fields[STATE].equals("X"))
                .map(fields -> new Process(pid, Long.parseLong(fields[START_TIME])));
    }

    /** The fields of {@code stat} behind the name, the state first; empty where there is no such process. */
    public Optional<String[]> stat(long pid) throws IOException {
        try {
            String stat = Files.readString(folder(pid).resolve("stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(END_OF_NAME) + END_OF_NAME.length())
                    .strip()
                    .split(" "));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.exists(folder(pid))) {
                throw e;
            }
            return Optional.empty(); // ended while it was read: ESRCH
        }
    }

    public boolean isAlive(Process process) throws IOException {
        return find(process.pid()).filter(process::equals).isPresent();
    }
}
