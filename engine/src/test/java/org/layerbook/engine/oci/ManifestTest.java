package org.layerbook.engine.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
    private static final Digest A = Digest.parse("sha256:" + "a".repeat(64));
    private static final Digest B = Digest.parse("sha256:" + "b".repeat(64));

    @Test
    void isWrittenAsBuildKitWritesIt() throws MalformedException {
        var manifest = Manifest.of(
                new Descriptor(MediaTypes.OCI_CONFIG, A, 592),
                List.of(new Descriptor(MediaTypes.OCI_LAYER_GZIP, B, 1069272)));
        String expected = """
                {
                  "schemaVersion": 2,
                  "mediaType": "application/vnd.oci.image.manifest.v1+json",
                  "config": {
                    "mediaType": "application/vnd.oci.image.config.v1+json",
                    "digest": "%s",
                    "size": 592
                  },
                  "layers": [
                    {
                      "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                      "digest": "%s",
                      "size": 1069272
                    }
                  ]
                }""".formatted(A, B);
        assertEquals(expected, new String(manifest.toJson(), StandardCharsets.UTF_8));
        assertEquals(manifest, Manifest.parse(manifest.toJson()));
        byte[] empty = Manifest.of(manifest.config(), List.of()).toJson();
        assertTrue(new String(empty, StandardCharsets.UTF_8).endsWith("  \"layers\": []\n}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"schemaVersion\":1} | image manifest: schema 1 is not supported; push the image again with a newer docker",
                "{\"manifests\":[]} | image manifest: is an index, not a manifest",
                "{\"config\":{\"size\":1}} | image manifest: config: \"digest\" is missing",
                "{\"config\":{\"size\":-1}} | image manifest: config.size: is negative",
                "{\"config\":{\"size\":1,\"digest\":\"../../etc/passwd\"}} | image manifest: config.digest: invalid digest: ../../etc/passwd",
                "{\"config\":{\"size\":99999999999999999999999}} | image manifest: config.size: expected an integer, found the number 1.0E23",
            })
    void refusesWhatIsNone(String json, String message) {
        var e = assertThrows(MalformedException.class, () -> Manifest.parse(json.getBytes(StandardCharsets.UTF_8)));
        assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linux/amd64 | linux/arm64 linux/amd64 | 1",
                "linux/amd64 | linux/amd64/v3 linux/amd64/v1 | 1",
                "linux/amd64/v3 | linux/amd64 linux/amd64/v2 linux/amd64/v4 | 1",
                "linux/arm64 | linux/arm/v7 linux/arm64/v8 | 1",
                "linux/arm/v7 | linux/arm/v6 linux/arm/v5 | 0",
                "linux/arm64 | windows/arm64 linux/386 | -1",
                "linux/x86_64 | linux/amd64 | 0",
            })
    void anIndexGivesTheEntryForThePlatform(String wanted, String offered, int chosen) {
        List<Descriptor> entries = Arrays.stream(offered.split(" "))
                .map(text -> {
                    String[] parts = text.split("/");
                    var platform = new Platform(
                            parts[0], parts[1], parts.length > 2 ? Optional.of(parts[2]) : Optional.empty());
                    return new Descriptor(MediaTypes.OCI_MANIFEST, A, 1, Map.of("at", text), Optional.of(platform));
                })
                .toList();
        Optional<Descriptor> expected = chosen < 0 ? Optional.empty() : Optional.of(entries.get(chosen));
        assertEquals(expected, Index.of(entries).select(Platform.parse(wanted)));
    }

    @Test
    void attestationsAreNoImages() {
        var attestation = new Descriptor(
                MediaTypes.OCI_MANIFEST,
                A,
                1,
                Map.of("vnd.docker.reference.type", "attestation-manifest"),
                Optional.of(new Platform("unknown", "unknown")));
        var image = new Descriptor(MediaTypes.OCI_MANIFEST, B, 1);
        var index = Index.of(List.of(attestation, image));
        assertEquals(List.of(image), index.images());
        assertEquals(Optional.of(image), index.select(Platform.host()));
    }

    @Test
    void anIndexIsReadBackTheSame() throws MalformedException {
        var index = Index.of(List.of(
                new Descriptor(
                        MediaTypes.OCI_MANIFEST, A, 7, Map.of("b", "<2>", "a", "1"), Optional.of(Platform.host())),
                new Descriptor(MediaTypes.OCI_INDEX, B, 8)));
        assertEquals(index, Index.parse(index.toJson()));
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64",
        "LINUX/x86_64, linux/amd64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm, linux/arm/v7",
        "arm64, linux/arm64",
        "armhf, linux/arm/v7",
        "windows/amd64, windows/amd64",
    })
    void platformsAreReadAsUsersWriteThem(String typed, String meant) {
        assertEquals(meant, Platform.parse(typed).toString());
    }

    @ParameterizedTest
    @CsvSource({"''", "/", "linux/", "a/b/c/d", "bogus", "linux/a b"})
    void otherTextsAreNoPlatforms(String typed) {
        assertThrows(IllegalArgumentException.class, () -> Platform.parse(typed));
    }
}
