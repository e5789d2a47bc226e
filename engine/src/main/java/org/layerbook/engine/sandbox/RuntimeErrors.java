package org.layerbook.engine.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.host.ExitStatus;

/**
 * Tells a runtime's own failure from the failure of the process it ran: both share one error stream and the status 1. But
 * the runtime writes its failure to a log first, and nothing of that level when it succeeds. So what comes on the error
 * stream once the log has a failure is the runtime's, and is kept back.
 */
final class RuntimeErrors {
    private static final Pattern JSON_MESSAGE = Pattern.compile("\"msg\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Path log;
    private final HoldBack stream;

    /** @param log where runc writes JSON, one object a line, and crun its failure in words */
    RuntimeErrors(OutputStream stderr, Path log) {
        this.log = log;
        this.stream = new HoldBack(stderr);
    }

    OutputStream stream() {
        return stream;
    }

    /**
     * @param status how the runtime ended
     * @return how the process ended, or what docker says of one that could not be executed
     * @throws SandboxException when the runtime could not start a container at all
     */
    ExitStatus judge(ExitStatus status, ProcessSpec spec) throws SandboxException, IOException {
        Optional<String> error = status.isSuccess() ? Optional.empty() : loggedError();
        if (error.isEmpty()) {
            stream.release();
            return status;
        }
        String message = error.get();
        String lower = message.toLowerCase(Locale.ROOT);
        boolean ofTheProgram =
                message.contains("exec") && message.contains(spec.argv().getFirst());
        if (ofTheProgram && (lower.contains("not found") || lower.contains("no such file"))) {
            stream.replace(message);
            return ExitStatus.of(ProgramLookup.NOT_FOUND);
        }
        if (ofTheProgram && (lower.contains("permission denied") || lower.contains("is a directory"))) {
            stream.replace(message);
            return ExitStatus.of(ProgramLookup.NOT_EXECUTABLE);
        }
        throw new SandboxException("cannot start the container: " + message);
    }

    private Optional<String> loggedError() throws IOException {
        if (Files.notExists(log) || Files.size(log) == 0) {
            return Optional.empty();
        }
        return Files.readString(log)
                .lines()
                .filter(l -> !l.isBlank() && (!l.startsWith("{") || l.contains("\"error\"")))
                .reduce((a, b) -> b)
                .map(RuntimeErrors::text);
    }

    private static String text(String line) {
        Matcher m = JSON_MESSAGE.matcher(line);
        String message = m.find() ? m.group(1).replace("\\\"", "\"").replace("\\\\", "\\") : line;
        return message.replaceFirst("^runc run failed: (unable to start container process: )?", "");
    }

    /** Passes on what comes before the log has a failure. */
    private final class HoldBack extends OutputStream {
        private final OutputStream to;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();

        HoldBack(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            if (held.size() > 0 || loggedError().isPresent()) {
                held.write(bytes, from, length);
            } else {
                to.write(bytes, from, length);
            }
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }

        synchronized void release() throws IOException {
            held.writeTo(to);
            held.reset();
            to.flush();
        }

        synchronized void replace(String message) throws IOException {
            held.reset();
            held.writeBytes((message + "\n").getBytes(StandardCharsets.UTF_8));
            release();
        }
    }
}
