package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jline.reader.LineReader;
import org.jline.reader.impl.history.DefaultHistory;

/** What was typed, in this session and earlier ones, in a file that only the user can read. */
final class PromptHistory extends DefaultHistory {
    /** A password must not be found there later. */
    private static final Pattern SECRET = Pattern.compile("\\b(?:docker|podman)\\s+login\\b");

    private static final long MOST_BYTES = 64 << 20;

    @Override
    public void add(Instant time, String line) {
        if (!SECRET.matcher(line).find()) {
            super.add(time, line.stripTrailing());
        }
    }

    /** Makes the file where it is missing. A history that cannot be kept is no reason not to work. */
    static void prepare(LineReader reader, Path file) {
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            if (Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES && Files.isWritable(file)) {
                reader.setVariable(LineReader.HISTORY_FILE, file);
            }
        } catch (IOException e) {
            // The session has a history then, and nothing stays of it.
            reader.setVariable(LineReader.HISTORY_FILE, null);
        }
    }
}
