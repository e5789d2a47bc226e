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

/**
 * Tells a runtime's own failure from the failure of the process it ran. Both share one error stream and the status 1; but
 * the runtime also writes its failure to a log, and writes nothing at all when it succeeds. Its last words on the error
 * stream are kept back, and forgotten when the log has them.
 */
final class RuntimeErrors {
    /** How runc and crun begin the line that they write in vain. */
    private static final Pattern BEGINS_LIKE_AN_ERROR = Pattern.compile("runc |crun|time=|\\d{4}-\\d\\d-\\d\\dT");

    private static final Pattern MESSAGE = Pattern.compile("\"msg\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Path log;
    private final HoldBack stream;

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
        throw new SandboxException("the container could not be started: " + message);
    }

    private Optional<String> loggedError() throws IOException {
        if (!Files.exists(log)) {
            return Optional.empty();
        }
        return Files.readString(log)
                .lines()
                .filter(l -> l.contains("error"))
                .reduce((a, b) -> b)
                .map(RuntimeErrors::text);
    }

    private static String text(String line) {
        Matcher m = MESSAGE.matcher(line);
        String message = m.find() ? m.group(1).replace("\\\"", "\"").replace("\\\\", "\\") : line;
        return message.replaceFirst("^runc run failed: (unable to start container process: )?", "");
    }

    /** Passes everything on but a first line that looks like the runtime's own, for as long as nothing follows it. */
    private static final class HoldBack extends OutputStream {
        private static final int LONGEST = 4096;

        private final OutputStream to;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private boolean holding = true;

        HoldBack(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            if (!holding) {
                to.write(bytes, from, length);
                return;
            }
            held.write(bytes, from, length);
            String text = held.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf('\n');
            boolean more = end >= 0 && end < text.length() - 1;
            if (more
                    || held.size() > LONGEST
                    || !BEGINS_LIKE_AN_ERROR.matcher(text).lookingAt()) {
                release();
            }
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }

        synchronized void release() throws IOException {
            holding = false;
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
