package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.sandbox.selection.Sandboxes;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.testing.SessionScript;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The tutorials run from top to bottom with real containers, as nbclient runs them: no cell ids, nobody to ask. */
class NotebooksTest {
    private static final Path NOTEBOOKS = Path.of("../notebooks");

    @TempDir
    private Path temporary;

    @TestFactory
    Stream<DynamicTest> runFromTopToBottom() throws IOException {
        return notebooks().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> run(file)));
    }

    @TestFactory
    Stream<DynamicTest> areStoredWithOutputs() throws IOException {
        return notebooks().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> checkStored(file)));
    }

    private static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(NOTEBOOKS)) {
            return files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
        }
    }

    private static List<JsonNode> codeCells(Path notebook) {
        var cells = new ArrayList<JsonNode>();
        for (JsonNode cell : new ObjectMapper().readTree(notebook.toFile()).get("cells")) {
            if (cell.get("cell_type").asString().equals("code")) {
                cells.add(cell);
            }
        }
        return cells;
    }

    private static String source(JsonNode cell) {
        var text = new StringBuilder();
        cell.get("source").forEach(line -> text.append(line.asString()));
        return text.toString();
    }

    private static void checkStored(Path notebook) {
        for (JsonNode cell : codeCells(notebook)) {
            assertAll(
                    () -> assertTrue(cell.get("execution_count").isInt(), () -> "never run: " + source(cell)),
                    () -> cell.get("outputs")
                            .forEach(output -> assertFalse(
                                    output.get("output_type").asString().equals("error"),
                                    () -> "failed: " + source(cell))));
        }
    }

    private void run(Path notebook) throws IOException {
        String name = notebook.getFileName().toString();
        if (Files.readString(notebook).contains("%registry start")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/docker-registry")), "there is no docker-registry");
        }
        Path folder = Files.createDirectories(temporary.resolve(name + "/work"));
        var engine = new WithBusybox(temporary.resolve(name + "/store"), sandbox(temporary.resolve(name))) {
            @Override
            Optional<Registries> registries(Store store, Snapshots snapshots) {
                String config = temporary.resolve(name + "/docker").toString();
                return Optional.of(Registries.of(store, snapshots, Map.of("DOCKER_CONFIG", config), host()));
            }
        };
        var options = new SessionInterpreter.Options(folder, Optional.of(folder.resolve(name)));
        try (var session = SessionInterpreter.open(options, engine)) {
            int number = 0;
            for (JsonNode cell : codeCells(notebook)) {
                var output = new SessionScript.Transcript();
                var request = new CellRequest(source(cell), Optional.empty(), Optional.of(++number));
                CellResult result = session.run(request, output);
                assertInstanceOf(CellResult.Ok.class, result, () -> source(cell) + "\n" + result);
            }
        }
    }

    private static Sandbox sandbox(Path folder) throws IOException {
        assumeTrue(Files.isExecutable(WithBusybox.PROGRAM), "there is no busybox");
        Path scratch = Files.createDirectory(folder.resolve("run"));
        Sandboxes.Detected detected = Sandboxes.detect(
                new Sandboxes.Settings(System.getenv(), folder.resolve("runtime"), scratch, folder, "notebooks"));
        assumeTrue(detected.runtime().isPresent(), () -> String.join("; ", detected.notes()));
        return detected.sandbox();
    }
}
