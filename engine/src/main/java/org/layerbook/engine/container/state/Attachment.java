package org.layerbook.engine.container.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.SeqPacketSocket;

/**
 * The streams of a running container, through conmon's socket: each piece of output has before it which stream it is of. Any number
 * may be attached at a time.
 */
public final class Attachment implements AutoCloseable {
    private static final int STDOUT = 2;
    private static final int STDERR = 3;
    /** conmon reads and writes 8 KiB and the byte before them. */
    private static final int PIECE_BYTES = 8193;

    private static final int INPUT_BYTES = 4096;

    private final SeqPacketSocket socket;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private Attachment(SeqPacketSocket socket) {
        this.socket = socket;
    }

    /** Copies between the container and {@code io} from now on, in threads of its own. */
    public static Attachment begin(ContainerFolder folder, ProcessIo io) throws IOException {
        var attachment = new Attachment(SeqPacketSocket.connect(folder.file("attach")));
        Thread.ofPlatform().daemon().name("output of " + folder.id()).start(() -> attachment.output(io));
        if (io.hasInput()) {
            Thread.ofPlatform().daemon().name("input of " + folder.id()).start(() -> attachment.input(io.stdin()));
        } else {
            attachment.socket.endWriting();
        }
        return attachment;
    }

    private void output(ProcessIo io) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            for (int n = socket.read(piece); n > 0; n = socket.read(piece)) {
                OutputStream out = piece[0] == STDERR ? io.stderr() : io.stdout();
                if (piece[0] == STDOUT || piece[0] == STDERR) {
                    out.write(piece, 1, n - 1);
                    out.flush();
                }
            }
            end.complete(null);
        } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private void input(InputStream in) {
        byte[] bytes = new byte[INPUT_BYTES];
        try {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                socket.write(bytes, 0, n);
            }
        } catch (IOException e) {
            // The container takes no more.
        }
        socket.endWriting();
    }

    /** Waits until the container's output has ended and is handed over. */
    public void await() throws IOException {
        try {
            end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    /** Tells a terminal how large it is. */
    public static void resize(Path folder, int rows, int columns) throws IOException {
        Files.writeString(folder.resolve("ctl"), "1 " + rows + " " + columns + "\n", StandardOpenOption.WRITE);
    }

    /** Lets go of the streams; the container runs on. {@link #await} returns. */
    public void detach() {
        socket.shutDown();
    }

    @Override
    public void close() {
        socket.shutDown();
        end.handle((_, _) -> null).join();
        socket.close();
    }
}
