package org.layerbook.engine.container.state;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Reads conmon's log, format {@code k8s-file}: {@code TIME STREAM F|P TEXT}, where P says that the line goes on in the next entry of
 * its stream.
 */
public final class ContainerLog implements AutoCloseable {
    private final InputStream in;

    /** @param isStderr else standard output; @param text with the line's end where it has one */
    public record Entry(OffsetDateTime time, boolean isStderr, byte[] text, boolean isWhole) {}

    private ContainerLog(InputStream in) {
        this.in = in;
    }

    /** From its beginning; empty where there is none yet. */
    public static ContainerLog open(ContainerFolder folder) throws IOException {
        Path file = folder.file("ctr.log");
        return new ContainerLog(
                Files.exists(file)
                        ? new BufferedInputStream(Files.newInputStream(file), 1 << 16)
                        : InputStream.nullInputStream());
    }

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** The next entry; empty at the end of what is there now. What is written later is found by asking again. */
    public Optional<Entry> next() throws IOException {
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                byte[] whole = line.toByteArray();
                line.reset();
                return Optional.of(entry(whole));
            }
            line.write(b);
        }
        return Optional.empty();
    }

    private static Entry entry(byte[] line) throws IOException {
        int time = blank(line, 0);
        int stream = time < 0 ? -1 : blank(line, time + 1);
        int kind = stream < 0 ? -1 : blank(line, stream + 1);
        if (kind < 0) {
            throw new IOException("the container's log is damaged");
        }
        boolean isWhole = line[stream + 1] == 'F';
        byte[] text = new byte[line.length - kind - 1 + (isWhole ? 1 : 0)];
        System.arraycopy(line, kind + 1, text, 0, line.length - kind - 1);
        if (isWhole) {
            text[text.length - 1] = '\n';
        }
        return new Entry(
                OffsetDateTime.parse(new String(line, 0, time, StandardCharsets.US_ASCII)),
                line[time + 4] == 'e',
                text,
                isWhole);
    }

    private static int blank(byte[] line, int from) {
        for (int i = from; i < line.length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
