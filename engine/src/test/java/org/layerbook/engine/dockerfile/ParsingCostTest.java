package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;

/** What reading costs in a warm process; in CPU time, so that a busy machine fails nothing. */
class ParsingCostTest {
    private static final int FILES = 343;
    private static final int INSTRUCTIONS_EACH = 14;
    private static final long LIMIT_NANOS = 1_000_000_000;

    /** As many Dockerfiles, and as long ones (3.5 KB), as a collection of real ones has. */
    @Test
    void hundredsOfDockerfilesParseInUnderASecond() throws Exception {
        var texts = new ArrayList<String>();
        for (int i = 0; i < FILES; i++) {
            texts.add(realistic(i));
        }
        assertEquals(FILES * INSTRUCTIONS_EACH, parsed(texts));
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        parsed(texts);
        long took = threads.getCurrentThreadCpuTime() - before;
        assertTrue(took < LIMIT_NANOS, () -> "took " + took / 1_000_000 + " ms");
    }

    private static int parsed(List<String> texts) throws DockerfileException {
        int instructions = 0;
        for (String text : texts) {
            instructions += DockerfileParser.parse(text).instructions().size();
        }
        return instructions;
    }

    private static String realistic(int number) {
        var text = new StringBuilder("# syntax=docker/dockerfile:1\nARG VERSION=" + number)
                .append("\nFROM debian:$VERSION AS build\n");
        for (int run = 0; run < 4; run++) {
            text.append("# a comment that says what comes next, at some length\nRUN set -eux; \\\n");
            for (int line = 0; line < 12; line++) {
                text.append("\t# why\n\tapt-get install -y --no-install-recommends package-")
                        .append(line)
                        .append(" \"$VERSION\"; \\\n");
            }
            text.append("\trm -rf /var/lib/apt/lists/*\nENV PATH=/opt/")
                    .append(run)
                    .append("/bin:$PATH LANG=C.UTF-8\n");
        }
        return text.append("FROM scratch\nCOPY --from=build --chown=1000:1000 /opt /opt\nRUN <<EOF\necho ")
                .append(number)
                .append("\nEOF\nCMD [\"/opt/run\", \"--all\"]\n")
                .toString();
    }
}
