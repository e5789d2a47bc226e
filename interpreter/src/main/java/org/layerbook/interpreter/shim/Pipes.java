package org.layerbook.interpreter.shim;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Opens named pipes so that opening never waits for the other side. */
final class Pipes {
    private Pipes() {}

    /** Both ends. Whoever has them open lets no one else wait, and sees no end. */
    static RandomAccessFile bothEnds(Path pipe) throws IOException {
        return new RandomAccessFile(pipe.toFile(), "rw");
    }

    /** At its end at once where nobody has it open to write. */
    @SuppressWarnings("try") // only held open
    static FileInputStream reading(Path pipe) throws IOException {
        try (RandomAccessFile both = bothEnds(pipe)) {
            return new FileInputStream(pipe.toFile());
        }
    }

    /** A write fails where nobody has it open to read. */
    @SuppressWarnings("try") // only held open
    static FileOutputStream writing(Path pipe) throws IOException {
        try (RandomAccessFile both = bothEnds(pipe)) {
            return new FileOutputStream(pipe.toFile());
        }
    }
}
