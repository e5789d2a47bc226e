package org.layerbook.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.archive.TestTar;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.ArchiveException;

class ParallelGzipTest {
    private static final int PIECE = 1 << 19;

    private static byte[] gzip(byte[] content, int step) throws IOException {
        return gzip(content, step, Isal.library());
    }

    private static byte[] gzip(byte[] content, int step, Optional<Isal> isal) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new ParallelGzip(out, isal)) {
            for (int i = 0; i < content.length; i += step) {
                gzip.write(content, i, Math.min(step, content.length - i));
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 7 * PIECE + 12345})
    void isReadBackTheSameHoweverItWasWritten(int size) throws IOException {
        byte[] content = new byte[size];
        var random = new Random(size);
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : i / 1000);
        }
        for (Optional<Isal> isal : List.of(Isal.library(), Optional.<Isal>empty())) {
            byte[] packed = gzip(content, 1 << 16, isal);
            try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
                assertArrayEquals(content, in.readAllBytes());
            }
            assertArrayEquals(packed, gzip(content, 7777, isal));
        }
    }

    @Test
    void membersAreReadOneAfterTheOther() throws IOException {
        var random = new Random(3);
        for (Optional<Isal> isal : List.of(Isal.library(), Optional.<Isal>empty())) {
            var content = new ByteArrayOutputStream();
            var packed = new ByteArrayOutputStream();
            for (int i = 0; i < 200; i++) {
                byte[] member = new byte[i % 7 == 0 ? 0 : random.nextInt(i % 10 == 0 ? 300_000 : 300)];
                random.nextBytes(member);
                content.writeBytes(member);
                packed.writeBytes(gzip(member, 1 << 16, i % 2 == 0 ? isal : Optional.empty()));
            }
            try (var in = Compression.gunzip(new ByteArrayInputStream(packed.toByteArray()), isal)) {
                assertArrayEquals(content.toByteArray(), in.readAllBytes());
            }
        }
    }

    /** Wherever it ends, and whichever byte is wrong: a failure or the right bytes, never others. */
    @Test
    void whatIsCutOrDamagedIsRefused() throws IOException {
        byte[] content = new byte[60_000];
        new Random(4).nextBytes(content);
        Arrays.fill(content, 10_000, 50_000, (byte) 7);
        byte[] packed = gzip(content, 1 << 16, Optional.empty());
        for (Optional<Isal> isal : List.of(Isal.library(), Optional.<Isal>empty())) {
            for (int i = 1; i < packed.length; i += i < 40 || i > packed.length - 40 ? 1 : 997) {
                byte[] cut = Arrays.copyOf(packed, i);
                assertThrows(IOException.class, () -> read(cut, isal), "cut at " + i);
                byte[] damaged = packed.clone();
                damaged[i] ^= 4;
                try {
                    assertArrayEquals(content, read(damaged, isal), "damaged at " + i);
                } catch (IOException e) {
                    // refused
                }
            }
        }
    }

    private static byte[] read(byte[] packed, Optional<Isal> isal) throws IOException {
        try (var in = Compression.gunzip(new ByteArrayInputStream(packed), isal)) {
            return in.readAllBytes();
        }
    }

    @Test
    void whatRepeatsAcrossPiecesIsFound() throws IOException {
        for (Optional<Isal> isal : List.of(Isal.library(), Optional.<Isal>empty())) {
            byte[] content = words(PIECE + 8_000);
            int before = gzip(content, 1 << 16, isal).length;
            System.arraycopy(content, PIECE - 8_000, content, PIECE, 8_000);
            int after = gzip(content, 1 << 16, isal).length;
            assertTrue(after < before - 500, before + " " + after);
        }
    }

    private static byte[] words(int length) {
        var random = new Random(1);
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) ('a' + random.nextInt(26)))
                    .append(random.nextInt(1000))
                    .append(' ');
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void everyCompressionIsToldByItsBytes(Compression compression) throws IOException {
        byte[] content = TestTar.layer("x");
        byte[] packed = TestTar.compress(content, compression);
        try (InputStream in = Compression.decompressed(new ByteArrayInputStream(packed), UnpackLimits.DEFAULT)) {
            assertArrayEquals(content, in.readAllBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD", "XZ", "BZIP2"})
    void aBombIsStopped(Compression compression) throws IOException {
        byte[] packed = TestTar.compress(new byte[4 << 20], compression);
        var limits = new UnpackLimits(Long.MAX_VALUE, 1, 200, 1 << 20);
        try (InputStream in = Compression.decompressed(new ByteArrayInputStream(packed), limits)) {
            var e = assertThrows(ArchiveException.class, in::readAllBytes);
            assertTrue(e.getMessage().contains("possible decompression bomb"), e.getMessage());
            assertTrue(e.getMessage().contains("LAYERBOOK_MAX_UNPACK_RATIO"), e.getMessage());
        }
        var harmless = new UnpackLimits(Long.MAX_VALUE, 1, 200, 8 << 20);
        try (InputStream in = Compression.decompressed(new ByteArrayInputStream(packed), harmless)) {
            assertArrayEquals(new byte[4 << 20], in.readAllBytes());
        }
    }
}
