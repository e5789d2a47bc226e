package org.layerbook.engine.builder.run;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A socket of our own for {@code RUN --mount=type=ssh}, with the owner and mode that the mount asks for, each connection
 * handed on to the user's ssh agent: the process in the sandbox may be another user, who could not open the agent's.
 */
public final class AgentSocket implements AutoCloseable {
    private static final int BUFFER = 1 << 15;

    private final Path agent;
    private final ServerSocketChannel server;
    private final Path path;

    /** @param path where nothing is yet */
    public AgentSocket(Path agent, Path path) throws IOException {
        this.agent = agent;
        this.path = path;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        this.server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual().name("ssh-agent").start(this::accept);
    }

    public Path path() {
        return path;
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(agent))) {
            Thread answers = Thread.ofVirtual().start(() -> pump(upstream, client));
            pump(client, upstream);
            answers.join();
        } catch (IOException e) {
            // The agent is gone: the process sees its connection closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One side has closed; the other is told by its own end.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
