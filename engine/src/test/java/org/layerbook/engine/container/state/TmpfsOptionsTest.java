package org.layerbook.engine.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TmpfsOptionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                     | noexec,nosuid,nodev,rprivate",
                "size=64k,mode=700      | noexec,nosuid,nodev,rprivate,size=65536,mode=700",
                "exec                   | nosuid,nodev,rprivate,exec",
                "rw,ro,suid             | noexec,nodev,rprivate,ro,suid",
                "size=1g,size=50%       | noexec,nosuid,nodev,rprivate,size=50%"
            })
    void theLaterOfTwoCounts(String given, String merged) {
        assertEquals(merged, String.join(",", TmpfsOptions.merge(given)));
    }

    @Test
    void whatDockerDoesNotTakeIsNamed() {
        assertEquals(Optional.of("foo"), TmpfsOptions.invalid("exec,foo"));
        assertEquals(Optional.of("huge=always"), TmpfsOptions.invalid("huge=always"));
        assertEquals(Optional.empty(), TmpfsOptions.invalid("exec,size=1m,uid=3"));
        assertEquals(Optional.empty(), TmpfsOptions.invalid(""));
    }
}
