package org.layerbook.engine.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Objects;

/** Reads an open regular file from its beginning. Not for several threads. */
final class DescriptorInput extends InputStream {
    /** As much as the memory for the arguments of one call holds. */
    private static final int AT_ONCE = 8192;

    private final FileDescriptor descriptor;
    private final Path file;
    private boolean interruptible;

    /** @param file for messages */
    DescriptorInput(FileDescriptor descriptor, Path file) {
        this.descriptor = descriptor;
        this.file = file;
    }

    /** An interrupted thread reads no further, as with Java's channels: large files are copied for long. */
    DescriptorInput interruptible() {
        interruptible = true;
        return this;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, to.length);
        int total = 0;
        while (total < length) {
            int n = some(to, from + total, Math.min(length - total, AT_ONCE));
            if (n == 0) {
                break;
            }
            total += n;
        }
        return total == 0 && length > 0 ? -1 : total;
    }

    private int some(byte[] to, int from, int length) throws IOException {
        if (interruptible && Thread.currentThread().isInterrupted()) {
            throw new ClosedByInterruptException();
        }
        MemorySegment buffer = Kernel.scratch().bytes(length);
        long n;
        do {
            n = Kernel.call(SystemCall.READ, descriptor.number(), buffer.address(), length);
        } while (n == -Errno.EINTR.number());
        LinuxFiles.check(n, SystemCall.READ, file);
        MemorySegment.copy(buffer, JAVA_BYTE, 0, to, from, (int) n);
        return (int) n;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
