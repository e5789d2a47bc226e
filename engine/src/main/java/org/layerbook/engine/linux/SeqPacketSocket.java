package org.layerbook.engine.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A client's end of a unix socket of type SOCK_SEQPACKET, which Java has none for: what is written comes in the same pieces. One
 * thread may read while another writes; either may shut it down.
 */
public final class SeqPacketSocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SHUT_WR = 1;
    private static final int SHUT_RDWR = 2;
    /** {@code sun_path} of unix(7). */
    private static final int LONGEST_PATH = 107;

    private final FileDescriptor socket;
    private final Path path;

    private SeqPacketSocket(FileDescriptor socket, Path path) {
        this.socket = socket;
        this.path = path;
    }

    /** @param path of any length */
    public static SeqPacketSocket connect(Path path) throws IOException {
        FileDescriptor socket = FileDescriptor.adopt(LinuxFiles.check(
                Syscalls.call(SystemCall.SOCKET, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), SystemCall.SOCKET, path));
        try (FileDescriptor folder =
                FileDescriptor.open(path.getParent(), FileDescriptor.O_RDONLY | Syscalls.O_PATH, 0)) {
            String shortPath = folder.procPath() + "/" + path.getFileName();
            byte[] name = shortPath.getBytes(StandardCharsets.UTF_8);
            if (name.length > LONGEST_PATH) {
                throw new IOException("the name of the socket " + path + " is too long");
            }
            MemorySegment address = Syscalls.scratch().bytes(2L + name.length + 1);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
            address.set(JAVA_BYTE, 2L + name.length, (byte) 0);
            LinuxFiles.check(
                    Syscalls.call(SystemCall.CONNECT, socket.number(), address.address(), address.byteSize()),
                    SystemCall.CONNECT,
                    path);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        return new SeqPacketSocket(socket, path);
    }

    /**
     * Waits for the next piece.
     *
     * @return its length, which is at most {@code into}'s, what does not fit being lost; 0 at the end
     */
    public int read(byte[] into) throws IOException {
        MemorySegment buffer = Syscalls.scratch().bytes(into.length);
        long n;
        do {
            n = Syscalls.call(SystemCall.RECVFROM, socket.number(), buffer.address(), into.length, 0, 0, 0);
        } while (n == -Errno.EINTR.number());
        if (n == -Errno.ECONNRESET.number()) {
            return 0;
        }
        LinuxFiles.check(n, SystemCall.RECVFROM, path);
        MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, (int) n);
        return (int) n;
    }

    public void write(byte[] bytes, int offset, int length) throws IOException {
        MemorySegment buffer = Syscalls.scratch().bytes(length);
        MemorySegment.copy(bytes, offset, buffer, JAVA_BYTE, 0, length);
        long n;
        do {
            n = Syscalls.call(SystemCall.SENDTO, socket.number(), buffer.address(), length, MSG_NOSIGNAL, 0, 0);
        } while (n == -Errno.EINTR.number());
        LinuxFiles.check(n, SystemCall.SENDTO, path);
    }

    /** The other side reads an end of file; reading goes on. */
    public void endWriting() {
        Syscalls.call(SystemCall.SHUTDOWN, socket.number(), SHUT_WR);
    }

    /** Whoever reads comes to the end at once. */
    public void shutDown() {
        Syscalls.call(SystemCall.SHUTDOWN, socket.number(), SHUT_RDWR);
    }

    @Override
    public void close() {
        socket.close();
    }
}
