package org.layerbook.interpreter.shim;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;

/** The standard input of the asking process, asked for when it is first read. Read by one thread at a time. */
final class InputPipe extends InputStream {
    private final Path pipe;
    private final Lines said;
    private Optional<FileInputStream> in = Optional.empty();
    /** Holds off the end until the other side has opened the pipe. */
    private Optional<RandomAccessFile> keeper = Optional.empty();

    private volatile boolean ended;

    InputPipe(Path pipe, Lines said) {
        this.pipe = pipe;
        this.said = said;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Optional<FileInputStream> open = opened();
        int count = open.isEmpty() ? -1 : open.get().read(bytes, offset, length);
        return ended ? -1 : count;
    }

    private synchronized Optional<FileInputStream> opened() throws IOException {
        if (in.isEmpty() && !ended) {
            keeper = Optional.of(Pipes.bothEnds(pipe));
            in = Optional.of(Pipes.reading(pipe));
            said.say("stdin");
        }
        return in;
    }

    /** The other side has opened it: when it closes it, that is the end. */
    synchronized void otherSideIsThere() throws IOException {
        if (keeper.isPresent()) {
            keeper.get().close();
            keeper = Optional.empty();
        }
    }

    /** No more input: a read that waits ends. */
    synchronized void end() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        if (in.isPresent()) {
            FileOutputStream out = Pipes.writing(pipe);
            // A full pipe lets this wait, until it is read or closed; the read that is to end does not then.
            Thread.ofPlatform().daemon().name("end of " + pipe).start(() -> wake(out));
        }
        otherSideIsThere();
    }

    private static void wake(FileOutputStream out) {
        try (out) {
            out.write('\n');
        } catch (IOException e) {
            // Nobody reads any more.
        }
    }

    @Override
    public synchronized void close() throws IOException {
        ended = true;
        otherSideIsThere();
        if (in.isPresent()) {
            in.get().close();
        }
    }
}
