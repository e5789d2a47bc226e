package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.Epoch;
import org.layerbook.engine.builder.plan.Planner;
import org.layerbook.engine.builder.plan.RunPlanner;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.builder.plan.StageGraph;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;

/**
 * What instructions come to, from a table: {@code == title}, perhaps {@code --build-arg A=b}, a Dockerfile of one stage on
 * scratch, {@code ----}, and what is expected, line by line: history entries ({@code +} before those with a layer),
 * {@code config {…}}, {@code run …} and {@code copy …} of layer steps, {@code author …}, or {@code error LINE: …}.
 */
class PlannerTest {
    record Case(String title, Map<String, String> buildArgs, String dockerfile, List<String> expected) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        for (String name : List.of("metadata", "arguments", "run", "copy")) {
            try (InputStream in = PlannerTest.class.getResourceAsStream("/build/plans/" + name + ".txt")) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                for (String part : text.split("(?m)^== ")) {
                    if (!part.isBlank()) {
                        cases.add(read(name, part));
                    }
                }
            }
        }
        return cases.stream();
    }

    private static Case read(String file, String part) {
        String[] halves = part.split("(?m)^----\n", 2);
        var head = new ArrayList<>(halves[0].lines().toList());
        String title = file + ": " + head.removeFirst();
        Map<String, String> args = new LinkedHashMap<>();
        while (!head.isEmpty() && head.getFirst().startsWith("--build-arg ")) {
            String[] pair =
                    head.removeFirst().substring("--build-arg ".length()).split("=", 2);
            args.put(pair[0], pair[1]);
        }
        List<String> expected =
                halves[1].lines().filter(line -> !line.isBlank()).toList();
        return new Case(title, args, String.join("\n", head) + "\n", expected);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void comesToWhatTheTableSays(Case test) {
        List<String> wanted = sorted(test.expected());
        List<String> got = plan(test).stream()
                .filter(line -> wanted.stream().anyMatch(w -> kind(w).equals(kind(line))))
                .toList();
        assertEquals(String.join("\n", wanted), String.join("\n", sorted(got)));
    }

    /** By kind; within a kind the order counts. */
    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted(Comparator.comparing(PlannerTest::kind)).toList();
    }

    /** Lines of a kind that the case does not speak of are not compared. */
    private static String kind(String line) {
        String word = line.split(" ", 2)[0];
        return List.of("config", "run", "copy", "author", "error", "mkdir").contains(word) ? word : "history";
    }

    private static List<String> plan(Case test) {
        var settings = BuildSettings.DEFAULT
                .change()
                .givenPlatform(new Platform("linux", "amd64"))
                .buildArgs(test.buildArgs())
                .done();
        var lines = new ArrayList<String>();
        try {
            Dockerfile dockerfile = DockerfileParser.parse(test.dockerfile());
            StageGraph graph = StageGraph.of(dockerfile, settings);
            var planner = new Planner(
                    settings, graph.globalEnvironment(), Epoch.of(settings, graph.globalEnvironment(), graph.nodes()));
            StageGraph.Node node = graph.nodes().get(graph.target());
            StageConfig draft = StageConfig.scratch(settings.platform());
            for (Instruction instruction : node.instructions()) {
                Step step = planner.plan(draft, instruction);
                if (instruction instanceof Instruction.Run run) {
                    RunPlanner.checkGrants(run);
                }
                PlanLines.add(lines, step);
                draft = step.after();
            }
            draft.history()
                    .forEach(entry -> lines.add((entry.emptyLayer() ? "" : "+ ")
                            + entry.createdBy().orElse("").replace("\n", "\\n")));
            draft.author().ifPresent(author -> lines.add("author " + author));
            lines.add("config " + config(draft));
        } catch (DockerfileException e) {
            lines.add("error " + e.diagnostic().range().startLine() + ": "
                    + e.diagnostic().message());
        }
        return lines;
    }

    /** The {@code config} object as it is written. */
    private static String config(StageConfig draft) {
        var config = new ImageConfig(
                draft.platform(), Optional.empty(), Optional.empty(), draft.config(), List.of(), List.of());
        String json = new String(config.toJson(), StandardCharsets.UTF_8);
        int start = json.indexOf("\"config\":") + "\"config\":".length();
        int depth = 0;
        boolean quoted = false;
        for (int i = start; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '{') {
                depth++;
            } else if (!quoted && c == '}' && --depth == 0) {
                return json.substring(start, i + 1)
                        .replace("\"PATH=" + StageConfig.DEFAULT_PATH + "\"", "PATH")
                        .replace("\"WorkingDir\":\"/\"", "CWD");
            }
        }
        throw new AssertionError(json);
    }
}
