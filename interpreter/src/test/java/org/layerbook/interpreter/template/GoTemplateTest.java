package org.layerbook.interpreter.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Tables of templates and what they give. {@code context.csv} is on the context of {@code docker images},
 * {@code inspect.csv} on a typed image and then on its JSON; each result was seen from the docker client 28.2.2.
 */
class GoTemplateTest {
    private static final GoStruct CONTEXT = GoStruct.context("*formatter.imageContext")
            .field("ID", "5e8c096dfd65")
            .field("Repository", "busybox")
            .field("Tag", "1")
            .field("Digest", "<none>")
            .field("CreatedSince", "15 minutes ago")
            .field("Size", "1.98MB")
            .build();

    private static final Map<String, Object> RAW = raw();

    private static final GoStruct IMAGE = GoStruct.named("image.InspectResponse")
            .field("ID", "Id", false, "sha256:5e8c096dfd65")
            .field("RepoTags", List.of("busybox:1"))
            .field("Size", 1982256L)
            .field("Parent", "")
            .field("Config", config())
            .omitEmpty("Descriptor", null)
            .build();

    private static GoStruct config() {
        return GoStruct.named("*v1.DockerOCIImageConfig")
                .omitEmpty("User", "")
                .omitEmpty("ExposedPorts", Map.of("80/tcp", Map.of()))
                .omitEmpty("Env", List.of("PATH=/bin", "A=b"))
                .omitEmpty("Entrypoint", List.of())
                .omitEmpty("Cmd", List.of("sh"))
                .omitEmpty("Labels", Map.of("x", "y", "a", "<b>"))
                .build();
    }

    private static Map<String, Object> raw() {
        var raw = new LinkedHashMap<String, Object>();
        raw.put("Id", "sha256:5e8c096dfd65");
        raw.put("Size", 1982256L);
        raw.put("Config", Map.of("Env", List.of("PATH=/bin", "A=b"), "Hostname", ""));
        raw.put("Nothing", null);
        return raw;
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/templates/context.csv", delimiter = '→', quoteCharacter = '\u0001', numLinesToSkip = 1)
    void onAContext(String template, String expected) {
        assertEquals(decoded(expected), result(decoded(template), CONTEXT, false));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/templates/inspect.csv", delimiter = '→', quoteCharacter = '\u0001', numLinesToSkip = 1)
    void onAnImage(String template, String expected) {
        String result = result(decoded(template), IMAGE, false);
        if (result.startsWith("template: ")) {
            result = result(decoded(template), RAW, true);
        }
        assertEquals(decoded(expected), result);
    }

    private static String result(String template, Object data, boolean strict) {
        try {
            GoTemplate parsed = GoTemplate.parse(template);
            return strict ? parsed.executeStrictly(data) : parsed.execute(data);
        } catch (TemplateException e) {
            return e.getMessage();
        }
    }

    private static String decoded(String field) {
        return field == null ? "" : field.replace("¶", "\n").replace("·", " ");
    }
}
