package org.layerbook.engine.compress;

import java.io.IOException;
import java.io.InputStream;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.ArchiveException;

/** Stops a stream that unpacks to absurdly more than it was packed into, before it fills the disk. */
final class BombGuard extends CountedInput {
    private final Input packed;
    private final UnpackLimits limits;
    private long unpacked;

    /** Counts what is taken from a stream. */
    static final class Input extends CountedInput {
        private long count;

        Input(InputStream in) {
            super(in);
        }

        @Override
        protected void taken(long n) {
            count += n;
        }
    }

    BombGuard(InputStream unpacked, Input packed, UnpackLimits limits) {
        super(unpacked);
        this.packed = packed;
        this.limits = limits;
    }

    @Override
    protected void taken(long n) throws IOException {
        unpacked += n;
        if (unpacked > limits.harmlessBytes() && unpacked / limits.maxRatio() > packed.count) {
            throw new ArchiveException(
                    "possible decompression bomb: " + packed.count + " bytes unpack to more than " + unpacked
                            + " (set " + UnpackLimits.RATIO_VARIABLE
                            + " to allow a ratio above " + limits.maxRatio() + ")");
        }
    }
}
