package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.io.InputStream;
import org.layerbook.engine.compress.CountedInput;
import org.layerbook.engine.layer.ArchiveException;

/**
 * Stops a tar whose headers are absurdly long: the reader above keeps extended headers in memory, however long they say
 * they are. While headers are read, no more than {@value #MAX_HEADERS} bytes come through.
 */
final class HeaderGuard extends CountedInput {
    private static final long MAX_HEADERS = 4 << 20;

    private long left = Long.MAX_VALUE;

    HeaderGuard(InputStream in) {
        super(in);
    }

    /** From here on headers are read. */
    void headers() {
        left = MAX_HEADERS;
    }

    /** From here on content is read. */
    void content() {
        left = Long.MAX_VALUE;
    }

    @Override
    protected void taken(long n) throws IOException {
        left -= n;
        if (left < 0) {
            throw new ArchiveException("refused: the archive has headers of more than " + MAX_HEADERS + " bytes");
        }
    }
}
