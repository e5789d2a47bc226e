package org.layerbook.kernel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;
import org.dflib.jjava.jupyter.messages.reply.ErrorReply;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.ConnectionFile;
import org.layerbook.kernel.wire.Fault;
import org.layerbook.kernel.wire.IdleMemory;
import org.layerbook.kernel.wire.KernelLog;
import org.layerbook.kernel.wire.Outbox;
import org.layerbook.kernel.wire.Outgoing;
import org.layerbook.kernel.wire.ZmqTransport;

/** A kernel behind its sockets. */
final class KernelServer implements AutoCloseable {
    private final ZmqTransport transport;
    private final Codec codec;
    private final Outbox outbox = new Outbox(System::nanoTime);
    private final Messenger messenger;
    private final Kernel kernel;

    private KernelServer(
            ZmqTransport transport,
            Codec codec,
            String session,
            InterpreterFactory factory,
            IdleMemory memory,
            long gatherMillis) {
        this.transport = transport;
        this.codec = codec;
        this.messenger = new Messenger(session, outbox);
        this.kernel = new Kernel(
                codec,
                messenger,
                () -> {
                    transport.lowerIoThreadPriority();
                    return factory.open();
                },
                memory,
                gatherMillis,
                transport::wake);
        outbox.onChange(transport::wake);
    }

    /** @throws IOException when an address cannot be had or the signature scheme is unknown */
    static KernelServer bind(ConnectionFile file, InterpreterFactory factory) throws IOException {
        return bind(file, factory, Cells.GATHER_MILLIS);
    }

    static KernelServer bind(ConnectionFile file, InterpreterFactory factory, long gatherMillis) throws IOException {
        String session = UUID.randomUUID().toString();
        // Java's cryptography takes as long to wake up as the sockets do.
        var codec = new FutureTask<>(() -> ready(file, session));
        Thread.ofPlatform().name("codec").daemon().start(codec);
        var memory = new IdleMemory();
        ZmqTransport transport = ZmqTransport.bind(file, frames -> isSigned(codec, frames), memory);
        try {
            return new KernelServer(transport, codec.get(), session, factory, memory, gatherMillis);
        } catch (ExecutionException e) {
            transport.close();
            throw e.getCause() instanceof IOException unknown ? unknown : new IOException(e.getCause());
        } catch (InterruptedException e) {
            transport.close();
            throw new InterruptedIOException("interrupted while starting");
        }
    }

    /** Without a codec there is no kernel, so nobody has its key. */
    private static boolean isSigned(Future<Codec> codec, List<byte[]> frames) {
        try {
            return codec.get().isSigned(frames);
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Codec ready(ConnectionFile file, String session) throws IOException {
        var codec = new Codec(file.signer(), session);
        codec.warmUp(PublishStatus.STARTING);
        return codec;
    }

    Kernel kernel() {
        return kernel;
    }

    String endpoint(Channel channel) {
        return transport.endpoint(channel);
    }

    /** Serves on the calling thread until a front-end, or {@link Kernel#shutDown()}, ends it. */
    void serve() throws IOException {
        kernel.start();
        transport.run(outbox, this::send, new Incoming(), kernel::hasEnded);
        outbox.close();
    }

    private void send(Outgoing message) {
        try {
            transport.send(message.channel(), codec.encode(message));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            KernelLog.warn("could not send a " + message.type(), e);
            if (message.type().endsWith("_reply") && !(message.content() instanceof ErrorReply)) {
                String sentence = "the reply could not be sent: " + Replies.sentence(e);
                send(message.with(Replies.error(new Fault("Internal error", sentence))));
            }
        }
    }

    private final class Incoming implements ZmqTransport.Events {
        @Override
        public void received(Channel channel, List<byte[]> frames) {
            try {
                kernel.receive(codec.decode(channel, frames));
            } catch (MalformedMessageException e) {
                KernelLog.warn("dropped a message on " + channel + ": " + e.getMessage());
            }
        }

        @Override
        public void subscribed(byte[] topic) {
            messenger.welcome(topic);
        }
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }
}
