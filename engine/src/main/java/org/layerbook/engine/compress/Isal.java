package org.layerbook.engine.compress;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

/**
 * Intel's ISA-L ({@code libisal.so.2}), where the machine has it: deflate at several times zlib's speed. containerd uses it
 * in the same way, by its program igzip. What is needed of its structures is written down here by offsets (igzip_lib.h,
 * version 2); a library with which these do not give right results is not used.
 */
public final class Isal {
    private static final String NAME = "libisal.so.2";

    private final MethodHandle inflateInit;
    private final MethodHandle inflateReset;
    private final MethodHandle inflate;
    private final MethodHandle deflateInit;
    private final MethodHandle deflateDictionary;
    private final MethodHandle deflate;

    /** Found out on first use. */
    private static final class Holder {
        private static final Optional<Isal> LIBRARY = open();
    }

    /** Empty when there is no such library, or one that does not do what is expected of it. */
    public static Optional<Isal> library() {
        return Holder.LIBRARY;
    }

    @SuppressWarnings("restricted")
    private Isal() {
        SymbolLookup symbols = SymbolLookup.libraryLookup(NAME, Arena.global());
        // All take a pointer first, and at most two words more; an argument too many is not looked at in the calling
        // conventions of x86-64 and AArch64. So only one shape is linked.
        var shape = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        Linker linker = Linker.nativeLinker();
        inflateInit = linker.downcallHandle(symbols.findOrThrow("isal_inflate_init"), shape);
        inflateReset = linker.downcallHandle(symbols.findOrThrow("isal_inflate_reset"), shape);
        inflate = linker.downcallHandle(symbols.findOrThrow("isal_inflate"), shape);
        deflateInit = linker.downcallHandle(symbols.findOrThrow("isal_deflate_init"), shape);
        deflateDictionary = linker.downcallHandle(symbols.findOrThrow("isal_deflate_set_dict"), shape);
        deflate = linker.downcallHandle(symbols.findOrThrow("isal_deflate"), shape);
    }

    private static Optional<Isal> open() {
        try {
            var isal = new Isal();
            return isal.works() ? Optional.of(isal) : Optional.empty();
        } catch (IllegalArgumentException | NoSuchElementException | IOException e) {
            return Optional.empty();
        }
    }

    /** Against Java's own: two pieces with a dictionary, whole, cut off, and damaged. */
    private boolean works() throws IOException {
        byte[] data = new byte[200_000];
        new Random(1).nextBytes(data);
        Arrays.fill(data, 50_000, 120_000, (byte) 'x');
        System.arraycopy(data, 0, data, 150_000, 40_000);
        byte[] second = Arrays.copyOfRange(data, 100_000, 200_000);
        var gzip = new ByteArrayOutputStream();
        gzip.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});
        try (Deflater deflater = new Deflater(100_000)) {
            deflater.deflate(data, 100_000, new byte[0], false, gzip);
            deflater.deflate(second, 100_000, Arrays.copyOfRange(data, 100_000 - 32_768, 100_000), true, gzip);
        }
        var crc = new CRC32();
        crc.update(data);
        for (long word : new long[] {crc.getValue(), data.length}) {
            for (int shift = 0; shift < 32; shift += 8) {
                gzip.write((int) (word >>> shift) & 0xff);
            }
        }
        byte[] whole = gzip.toByteArray();
        byte[] damaged = whole.clone();
        damaged[damaged.length - 6] ^= 1;
        return Arrays.equals(data, new GZIPInputStream(new ByteArrayInputStream(whole)).readAllBytes())
                && Arrays.equals(data, gunzip(new ByteArrayInputStream(whole)).readAllBytes())
                && refuses(Arrays.copyOf(whole, whole.length / 2))
                && refuses(damaged);
    }

    private boolean refuses(byte[] gzip) {
        try {
            gunzip(new ByteArrayInputStream(gzip)).readAllBytes();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static int call(MethodHandle function, MemorySegment state, long second, long third) {
        try {
            return (int) function.invokeExact(state.address(), second, third);
        } catch (Throwable e) {
            throw new IllegalStateException("a C function does not throw", e);
        }
    }

    /** What {@code in}, in gzip (several members too), holds. Read by one thread; closing it closes {@code in}. */
    public InputStream gunzip(InputStream in) {
        return new Inflater(in);
    }

    /** {@code struct inflate_state}. */
    private final class Inflater extends InputStream {
        private static final int SIZE = 1 << 17;
        private static final int NEXT_OUT = 0;
        private static final int AVAIL_OUT = 8;
        private static final int NEXT_IN = 16;
        private static final int AVAIL_IN = 32;
        private static final int BLOCK_STATE = 21_160;
        private static final int CRC_FLAG = 21_172;
        private static final int GZIP = 1;
        private static final int FINISH = 5;
        private static final int END_INPUT = 1;
        private static final int BUFFER = 1 << 17;

        private final InputStream in;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment state = arena.allocate(SIZE, 64);
        private final MemorySegment input = arena.allocate(BUFFER, 64);
        private final MemorySegment output = arena.allocate(BUFFER, 64);
        private final byte[] buffer = new byte[BUFFER];
        private boolean inputEnded;
        private boolean ended;
        private int from;
        private int to;

        Inflater(InputStream in) {
            this.in = in;
            call(inflateInit, state, 0, 0);
            state.set(JAVA_INT, CRC_FLAG, GZIP);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (from == to) {
                if (ended) {
                    return -1;
                }
                step();
            }
            int n = Math.min(length, to - from);
            MemorySegment.copy(output, JAVA_BYTE, from, bytes, offset, n);
            from += n;
            return n;
        }

        private void step() throws IOException {
            if (state.get(JAVA_INT, AVAIL_IN) == 0) {
                fill();
            }
            boolean finished = state.get(JAVA_INT, BLOCK_STATE) == FINISH;
            if (finished && inputEnded) {
                ended = true;
                return;
            }
            if (finished) {
                nextMember();
            }
            state.set(JAVA_LONG, NEXT_OUT, output.address());
            state.set(JAVA_INT, AVAIL_OUT, BUFFER);
            int result = call(inflate, state, 0, 0);
            if (result < 0 || result > END_INPUT) {
                throw new IOException("not valid gzip: " + result);
            }
            from = 0;
            to = BUFFER - state.get(JAVA_INT, AVAIL_OUT);
            if (to == 0 && inputEnded && state.get(JAVA_INT, BLOCK_STATE) != FINISH) {
                throw new EOFException("unexpected end of gzip data");
            }
        }

        private void nextMember() {
            long next = state.get(JAVA_LONG, NEXT_IN);
            int left = state.get(JAVA_INT, AVAIL_IN);
            call(inflateReset, state, 0, 0);
            state.set(JAVA_INT, CRC_FLAG, GZIP);
            state.set(JAVA_LONG, NEXT_IN, next);
            state.set(JAVA_INT, AVAIL_IN, left);
        }

        private void fill() throws IOException {
            if (inputEnded) {
                return;
            }
            int n = in.read(buffer, 0, BUFFER);
            if (n < 0) {
                inputEnded = true;
                return;
            }
            MemorySegment.copy(buffer, 0, input, JAVA_BYTE, 0, n);
            state.set(JAVA_LONG, NEXT_IN, input.address());
            state.set(JAVA_INT, AVAIL_IN, n);
        }

        @Override
        public void close() throws IOException {
            if (arena.scope().isAlive()) {
                arena.close();
            }
            ended = true;
            from = to;
            in.close();
        }
    }

    /** Compresses pieces of one stream: {@code struct isal_zstream}. Used by one thread at a time. */
    public final class Deflater implements AutoCloseable {
        private static final int SIZE = 1 << 17;
        private static final int NEXT_IN = 0;
        private static final int AVAIL_IN = 8;
        private static final int NEXT_OUT = 16;
        private static final int AVAIL_OUT = 24;
        private static final int LEVEL_NUMBER = 40;
        private static final int LEVEL_BUFFER_SIZE = 44;
        private static final int LEVEL_BUFFER = 48;
        private static final int END_OF_STREAM = 56;
        private static final int FLUSH = 58;
        private static final int SYNC_FLUSH = 1;
        /** Two thirds of the time of its best, and 1.5 % larger; a tenth larger than with zlib's level 6. */
        private static final int LEVEL = 2;
        /** More than {@code ISAL_DEF_LVL3_EXTRA_LARGE}. */
        private static final int LEVEL_BYTES = 640 << 10;

        private static final int DICTIONARY = 1 << 15;

        private final Arena arena = Arena.ofShared();
        private final MemorySegment state = arena.allocate(SIZE, 64);
        private final MemorySegment levelBuffer = arena.allocate(LEVEL_BYTES, 64);
        private final MemorySegment dictionaryBytes = arena.allocate(DICTIONARY, 64);
        private final MemorySegment input;
        private final MemorySegment output;
        private final byte[] buffer = new byte[1 << 16];

        /** @param largest bytes of a piece */
        public Deflater(int largest) {
            input = arena.allocate(largest, 64);
            output = arena.allocate(largest + largest / 8 + 4096, 64);
        }

        /**
         * A piece in raw deflate, which ends at a byte's boundary.
         *
         * @param dictionary what stands before it in the stream, at most 32 KiB
         * @param last whether it ends the stream
         * @param out gets the piece added
         */
        public void deflate(byte[] bytes, int length, byte[] dictionary, boolean last, ByteArrayOutputStream out) {
            call(deflateInit, state, 0, 0);
            state.set(JAVA_INT, LEVEL_NUMBER, LEVEL);
            state.set(JAVA_INT, LEVEL_BUFFER_SIZE, LEVEL_BYTES);
            state.set(JAVA_LONG, LEVEL_BUFFER, levelBuffer.address());
            state.set(JAVA_SHORT, END_OF_STREAM, (short) (last ? 1 : 0));
            state.set(JAVA_SHORT, FLUSH, (short) SYNC_FLUSH);
            if (dictionary.length > 0) {
                MemorySegment.copy(dictionary, 0, dictionaryBytes, JAVA_BYTE, 0, dictionary.length);
                call(deflateDictionary, state, dictionaryBytes.address(), dictionary.length);
            }
            MemorySegment.copy(bytes, 0, input, JAVA_BYTE, 0, length);
            state.set(JAVA_LONG, NEXT_IN, input.address());
            state.set(JAVA_INT, AVAIL_IN, length);
            int left;
            do {
                state.set(JAVA_LONG, NEXT_OUT, output.address());
                state.set(JAVA_INT, AVAIL_OUT, (int) output.byteSize());
                int result = call(deflate, state, 0, 0);
                if (result != 0) {
                    throw new IllegalStateException("isal_deflate: " + result);
                }
                left = state.get(JAVA_INT, AVAIL_OUT);
                add((int) output.byteSize() - left, out);
            } while (left == 0);
        }

        private void add(int made, ByteArrayOutputStream out) {
            for (int from = 0; from < made; from += buffer.length) {
                int n = Math.min(buffer.length, made - from);
                MemorySegment.copy(output, JAVA_BYTE, from, buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
