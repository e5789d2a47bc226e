package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ExpansionLimitTest {
    private static final ExpansionLimit.Limits LIMITS = new ExpansionLimit.Limits(1 << 20, 200);

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static long read(byte[] compressed) throws IOException {
        var source = new ByteArrayInputStream(compressed);
        try (InputStream in =
                new ExpansionLimit(new GZIPInputStream(source), () -> compressed.length - source.available(), LIMITS)) {
            long total = 0;
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
            }
            return total;
        }
    }

    @Test
    void aBombIsStoppedAndHonestContentIsNot() throws IOException {
        assertThrows(MalformedLayerException.class, () -> read(gzip(new byte[20 << 20])));
        assertEquals(1 << 20, read(gzip(new byte[1 << 20])), "small results are never refused");
        byte[] random = new byte[4 << 20];
        new Random(1).nextBytes(random);
        assertEquals(random.length, read(gzip(random)));
    }
}
