package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.http.Backoff;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.protocol.RemoteRepository;

/**
 * A blob on its way into the store. One thread {@linkplain #run() downloads}, and goes on where a broken connection
 * stopped; others may read meanwhile what has come. It becomes visible in the store when its size and digest are right.
 */
final class BlobDownload implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]+/.*");
    private static final int BUFFER = 1 << 17;
    /** A connection that brought so much was worth while: the next failure counts as the first one. */
    private static final long WORTH_WHILE = 1 << 20;

    private final RemoteRepository repository;
    private final Descriptor blob;
    private final ContentStore content;
    private final RetryPolicy policy;
    private final LongConsumer progress;
    private final ContentStore.Ingest ingest;
    private long come;
    private boolean ended;
    private Optional<IOException> failure = Optional.empty();

    /** @param progress hears bytes that have come */
    BlobDownload(
            RemoteRepository repository,
            Descriptor blob,
            ContentStore content,
            RetryPolicy policy,
            LongConsumer progress)
            throws IOException {
        this.repository = repository;
        this.blob = blob;
        this.content = content;
        this.policy = policy;
        this.progress = progress;
        this.ingest = content.ingest();
    }

    /** Downloads, verifies and commits. What goes wrong reaches the readers too. */
    void run() throws IOException {
        try {
            int fruitless = 0;
            while (come < blob.size()) {
                long before = come;
                IOException problem = attempt();
                fruitless = come - before >= WORTH_WHILE ? 1 : fruitless + 1;
                if (come < blob.size()) {
                    if (fruitless >= policy.attempts()) {
                        throw new RegistryException(
                                Kind.UNREACHABLE,
                                "the download of " + blob.digest() + " from "
                                        + repository.endpoint().host() + " keeps getting interrupted: "
                                        + problem.getMessage(),
                                problem);
                    }
                    Backoff.pause(policy.delay(fruitless + 1));
                }
            }
            commit();
            end(Optional.empty());
        } catch (IOException e) {
            end(Optional.of(e));
            throw e;
        } catch (RuntimeException e) {
            end(Optional.of(new IOException(e)));
            throw e;
        }
    }

    /** @return what ended it early; without meaning when all has come */
    private IOException attempt() throws IOException {
        try (Response answer = repository.blob(blob, come)) {
            skip(answer);
            copy(answer.body());
            return new IOException("connection closed after " + come + " of " + blob.size() + " bytes");
        } catch (RegistryException | InterruptedIOException e) {
            throw e;
        } catch (LocalWriteException e) {
            throw e.getCause();
        } catch (IOException e) {
            return e;
        }
    }

    /** The store's failures are not to be tried again. */
    private static final class LocalWriteException extends IOException {
        private static final long serialVersionUID = 1L;

        LocalWriteException(IOException cause) {
            super(cause);
        }

        @Override
        public synchronized IOException getCause() {
            return (IOException) super.getCause();
        }
    }

    /** To where the download goes on: a registry may begin at the beginning again. */
    private void skip(Response answer) throws IOException {
        long begins = 0;
        if (answer.status() == 206) {
            Matcher range = RANGE.matcher(answer.header("Content-Range").orElse(""));
            begins = range.matches() ? Long.parseLong(range.group(1)) : come;
        }
        if (begins > come) {
            throw new RegistryException(
                    Kind.REFUSED, repository.endpoint().host() + " sent the wrong range of " + blob.digest());
        }
        answer.body().skipNBytes(come - begins);
    }

    private void copy(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (come < blob.size()) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, blob.size() - come));
            if (n < 0) {
                return;
            }
            try {
                ingest.out().write(buffer, 0, n);
            } catch (IOException e) {
                throw new LocalWriteException(e);
            }
            advance(n);
        }
        // What would follow: the end, so that the connection can be used again; more is not ours to want.
        boolean more;
        try {
            more = in.read() >= 0;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            more = false;
        }
        if (more) {
            throw new RegistryException(
                    Kind.REFUSED,
                    "the blob " + blob.digest() + " from "
                            + repository.endpoint().host() + " is larger than the " + blob.size()
                            + " bytes given in its manifest");
        }
    }

    private synchronized void advance(int n) {
        come += n;
        progress.accept(come);
        notifyAll();
    }

    private void commit() throws IOException {
        if (!ingest.digest().equals(blob.digest()) && blob.digest().algorithm().equals("sha256")) {
            throw new RegistryException(
                    Kind.REFUSED,
                    "the blob " + blob.digest() + " from "
                            + repository.endpoint().host() + ": digest mismatch: got "
                            + ingest.digest());
        }
        ingest.commit(Optional.of(blob.digest()));
    }

    private synchronized void end(Optional<IOException> why) {
        ended = true;
        failure = why;
        notifyAll();
    }

    /** Backoff until it is in the store. */
    synchronized void await() throws IOException {
        while (!ended) {
            waitHere();
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void waitHere() throws InterruptedIOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** The blob from its beginning, as it comes. */
    InputStream open() throws IOException {
        try {
            return new Following(ingest.follow());
        } catch (NoSuchFileException e) {
            // Committed just now.
            return content.open(blob.digest());
        }
    }

    @Override
    public void close() throws IOException {
        ingest.close();
    }

    /** Backoff for what is to come. */
    private final class Following extends InputStream {
        private final InputStream file;
        private long read;

        Following(InputStream file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            long there = waitForMore();
            if (there == 0) {
                return -1;
            }
            int n = file.read(bytes, offset, (int) Math.min(length, there));
            read += Math.max(n, 0);
            return n;
        }

        private long waitForMore() throws IOException {
            synchronized (BlobDownload.this) {
                while (come == read && come < blob.size() && !ended) {
                    waitHere();
                }
                if (come == read && failure.isPresent()) {
                    throw new IOException("the download failed", failure.get());
                }
                return come - read;
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
