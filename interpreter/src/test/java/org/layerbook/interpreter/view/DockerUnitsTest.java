package org.layerbook.interpreter.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.interpreter.report.Created;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.TabWriter;

class DockerUnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0B, 0B, 0B",
        "5, 5B, 5B, 5B",
        "999, 999B, 999B, 999B",
        "1000, 1kB, 1kB, 1000B",
        "1982256, 1.98MB, 1.982MB, 1.89MiB",
        "999600, 1e+03kB, 999.6kB, 976.2KiB",
        "124000000, 124MB, 124MB, 118.3MiB",
        "8335978496, 8.34GB, 8.336GB, 7.763GiB",
    })
    void sizes(long bytes, String size, String longer, String binary) {
        assertEquals(size, DockerUnits.size(bytes));
        assertEquals(longer, DockerUnits.longSize(bytes));
        assertEquals(binary, DockerUnits.binarySize(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "0, Less than a second",
        "1, 1 second",
        "59, 59 seconds",
        "60, About a minute",
        "119, About a minute",
        "120, 2 minutes",
        "3599, 59 minutes",
        "3600, About an hour",
        "5399, About an hour",
        "5400, 2 hours",
        "171000, 2 days",
        "169000, 47 hours",
        "1209600, 2 weeks",
        "5184000, 2 months",
        "63072000, 2 years",
        "-100, Less than a second",
    })
    void ages(long seconds, String expected) {
        assertEquals(expected, DockerUnits.duration(Duration.ofSeconds(seconds)));
    }

    @Test
    void times() {
        Instant time = Instant.parse("2026-11-22T18:54:56.282956984Z");
        assertEquals("2026-11-22 18:54:56.282956984 +0000 UTC", DockerUnits.goTime(time, ZoneOffset.UTC));
        assertEquals("2026-11-22T18:54:56Z", DockerUnits.rfc3339(time, ZoneOffset.UTC));
        assertEquals("2026-11-22T19:54:56+01:00", DockerUnits.rfc3339(time, ZoneId.of("Europe/Berlin")));
        assertEquals("0001-01-01 00:00:00 +0000 UTC", DockerUnits.goTime(DockerUnits.NO_TIME, ZoneOffset.UTC));
        assertEquals(Optional.empty(), Created.of(Optional.of("yesterday")));
        assertEquals(
                Optional.of(Instant.parse("2019-12-31T22:00:00Z")),
                Created.of(Optional.of("2020-01-01T00:00:00+02:00")));
    }

    @Test
    void columns() {
        assertEquals(
                "A                 BB        C\nlonger-than-ten   b         c\nx                 y         \n",
                TabWriter.table("A\tBB\tC\nlonger-than-ten\tb\tc\nx\ty\t\n"));
        assertEquals("a         b\nplain\nccccccccc   d\n", TabWriter.table("a\tb\nplain\nccccccccc\td\n"));
    }
}
