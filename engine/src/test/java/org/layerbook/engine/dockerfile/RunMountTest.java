package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;
import org.layerbook.engine.golang.ByteSize;

class RunMountTest {
    static Stream<List<String>> mounts() {
        return Tables.rows("mounts.txt");
    }

    @ParameterizedTest
    @MethodSource("mounts")
    void readsEachMountOfTheTable(List<String> row) throws ExpansionException {
        var expander = new WordExpander('\\');
        RunMount.ValueExpander values = value -> expander.word(value, Map.of("ID", "one", "KIND", "cache"));
        if (row.get(1).startsWith("error: ")) {
            var failure = assertThrows(IllegalArgumentException.class, () -> RunMount.parse(row.get(0), values));
            assertEquals(row.get(1).substring(7), failure.getMessage());
        } else {
            String read = RunMount.parse(row.get(0), values).toString();
            assertEquals(row.get(1), read.replace("Optional.empty", "-").replaceAll("Optional\\[([^]]*)]", "$1"));
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "512,512", "64m,67108864", "1.5k,1536", "2 GiB,2147483648", "10kb,10240", "1T,1099511627776"})
    void sizesAreInPowersOf1024(String text, long bytes) {
        assertEquals(bytes, ByteSize.parse(text).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"''", "m", "-1", "1x", "1mm", "1 2", "1kib2", "99999999999t"})
    void refusesWhatIsNoSize(String text) {
        assertEquals(true, ByteSize.parse(text).isEmpty());
    }

    @Test
    void aVariableInFromIsRefusedBeforeVariablesAreKnown() {
        RunMount.checkUnexpanded("type=$KIND,target=$T,from=base");
        assertThrows(IllegalArgumentException.class, () -> RunMount.checkUnexpanded("type=bind,from=$BASE"));
        assertThrows(IllegalArgumentException.class, () -> RunMount.checkUnexpanded("a\"b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target=/x,from=a | target=/x,from=b",
                "From=a,target=/x | From=b,target=/x",
                "\"from=a\",\"target=/x,y\" | from=b,\"target=/x,y\"",
                "target=/x | target=/x",
            })
    void anotherSourceChangesNothingElse(String text, String changed) {
        assertEquals(changed, RunMount.withFrom(text, "b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target=/x | true",
                "type=BIND,target=/x | true",
                "\"type=bind\",target=/type=cache | true",
                "target=/x,FROM=a | false",
                "type=cache,target=/type=bind | false",
            })
    void bindsWithoutASourceReadTheContext(String text, boolean reads) {
        assertEquals(reads, RunMount.readsContext(text));
    }
}
