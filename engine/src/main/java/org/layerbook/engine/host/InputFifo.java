package org.layerbook.engine.host;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.layerbook.engine.linux.Fifo;
import org.layerbook.engine.linux.LinuxFiles;

/** The standard input of a command, fed through a named pipe; without input, an end of file at once. */
final class InputFifo {
    private final Path path;
    private final boolean fed;

    private InputFifo(Path path, boolean fed) {
        this.path = path;
        this.fed = fed;
    }

    static InputFifo create(Path path, ProcessIo io) throws IOException {
        if (io.isOwnInput()) {
            return new InputFifo(path, false);
        }
        if (!io.hasInput()) {
            LinuxFiles.symlink("/dev/null", path);
            return new InputFifo(path, false);
        }
        Fifo.create(path);
        Thread.ofPlatform().daemon().name("feeder of " + path).start(() -> feed(io.stdin(), path));
        return new InputFifo(path, true);
    }

    private static void feed(InputStream from, Path path) {
        // Waits until the command has opened it.
        try (OutputStream to = new FileOutputStream(path.toFile())) {
            byte[] buffer = new byte[8192];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, 0, n);
            }
        } catch (IOException nobodyReadsIt) {
            return;
        }
    }

    /** Lets the feeder go where no command ever opened the pipe. */
    void finish() throws IOException {
        if (fed) {
            new RandomAccessFile(path.toFile(), "rw").close();
        }
    }
}
