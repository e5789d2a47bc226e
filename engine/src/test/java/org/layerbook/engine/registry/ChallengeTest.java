package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.registry.protocol.Challenge;

class ChallengeTest {
    @Test
    void severalInOneHeaderAndSeveralHeaders() {
        assertEquals(
                List.of(
                        new Challenge("basic", Map.of("realm", "a, b")),
                        new Challenge(
                                "bearer",
                                Map.of("realm", "https://x/token?a=b", "service", "q\"uote", "scope", "r:a:pull,push")),
                        new Challenge("negotiate", Map.of()),
                        new Challenge("digest", Map.of("nonce", "1"))),
                Challenge.parse(List.of(
                        "Basic realm=\"a, b\", Bearer realm=\"https://x/token?a=b\",service=\"q\\\"uote\" , scope = \"r:a:pull,push\"",
                        "Negotiate",
                        ", Digest nonce=1,")));
    }

    @Test
    void whatIsNoneEndsTheReading() {
        assertEquals(List.of(), Challenge.parse(List.of("", "=", "\"", ",,,")));
    }
}
