package org.layerbook.engine.oci;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --platform} takes, as docker reads it. */
class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64",
        "linux/x86_64, linux/amd64",
        "linux/x86-64, linux/amd64",
        "linux/amd64/v1, linux/amd64",
        "linux/amd64/v2, linux/amd64/v2",
        "linux/aarch64, linux/arm64",
        "linux/ARM64, linux/arm64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm64/8, linux/arm64",
        "linux/arm64/9, linux/arm64/v9",
        "linux/arm, linux/arm/v7",
        "linux/arm/7, linux/arm/v7",
        "linux/arm/v6, linux/arm/v6",
        "linux/armhf, linux/arm/v7",
        "linux/armel, linux/arm/v6",
        "Linux/i386, linux/386",
        "macos/arm64, darwin/arm64",
        "linux/quantum, linux/quantum",
        "windows(10.0.1)/amd64, windows(10.0.1)/amd64",
        "windows(10.0.1+win32k)/amd64, windows(10.0.1+win32k)/amd64",
        "linux(+b+a)/amd64, linux(+a+b)/amd64",
        "windows(1%2B2)/amd64, windows(1%2B2)/amd64",
    })
    void isReadAndNormalised(String text, String expected) {
        Platform platform = Platform.parse(text);
        assertEquals(expected, platform.withOsVersion());
        assertEquals(platform, platform.normalized());
    }

    @ParameterizedTest
    @ValueSource(strings = {"arm64", "armhf", "i386", "s390x", "wasm"})
    void anArchitectureAloneIsForThisSystem(String text) {
        assertEquals(Platform.parse(Platform.host().os() + "/" + text), Platform.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux", "windows", "macos", "plan9"})
    void aSystemAloneIsForThisArchitecture(String text) {
        assertEquals(Platform.parse(text + "/" + Platform.host().architecture()), Platform.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nowhere | \"nowhere\": unknown operating system or architecture: invalid argument",
                "a/b/c/d | \"a/b/c/d\": cannot parse platform specifier: invalid argument",
                "linux/* | \"linux/*\": wildcards not yet supported: invalid argument",
            })
    void whatIsNoneHasDockersSentence(String text, String sentence) {
        assertEquals(
                sentence,
                assertThrows(IllegalArgumentException.class, () -> Platform.parse(text))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "linux/", "/amd64", "linux//v7", "lin ux/amd64", "windows(1/amd64"})
    void whatIsMalformedIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Platform.parse(text));
    }

    @Test
    void theVersionIsKeptInConfigsAndDescriptors() throws Exception {
        String json = "{\"architecture\":\"amd64\",\"config\":{},\"created\":null,\"history\":null,\"os\":\"windows\","
                + "\"os.features\":[\"win32k\"],\"os.version\":\"10.0.1\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":null}}";
        ImageConfig config = ImageConfig.parse(json.getBytes(StandardCharsets.UTF_8));
        assertEquals("windows(10.0.1+win32k)/amd64", config.platform().withOsVersion());
        assertEquals(json, new String(config.toJson(), StandardCharsets.UTF_8));
    }

    @Test
    void theVersionMakesNoOtherMachine() {
        assertTrue(Platform.parse("windows(1)/amd64").isSameMachine(Platform.parse("windows(2)/x86_64")));
        assertFalse(Platform.parse("linux/arm/v6").isSameMachine(Platform.parse("linux/arm/v7")));
    }

    @ParameterizedTest
    @CsvSource({
        "linux,true",
        "arm64,true",
        "x86_64,true",
        "linux/amd64,true",
        "linux/arm64/v8,true",
        "windows(10.0.17763)/amd64,true",
        "macos,true",
        "madeup/cpu,true",
        "madeup,false",
        "linux/,false",
        "linux/a/b/c,false",
        "linux/*,false",
        "li nux/amd64,false",
        "'',false"
    })
    void whatNamesAPlatform(String name, boolean valid) {
        if (valid) {
            assertDoesNotThrow(() -> Platform.parse(name));
        } else {
            assertThrows(IllegalArgumentException.class, () -> Platform.parse(name));
        }
    }
}
