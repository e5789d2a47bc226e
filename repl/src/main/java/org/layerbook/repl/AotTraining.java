package org.layerbook.repl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.layerbook.engine.linux.Trees;
import org.layerbook.interpreter.Interpreter;

/**
 * A little of everything that people do with {@code layerbook}, shown to nobody. The JVM that rehearses it under {@code
 * -XX:AOTCacheOutput} writes a cache with which the next ones start in a fraction of the time. Whether a cell succeeds
 * does not matter.
 */
final class AotTraining {
    private static final List<String> CELLS = List.of(
            "docker images -q",
            "FROM scratch AS base\nCOPY data.txt /\nENV A=b\nWORKDIR /app",
            "docker history @",
            "docker inspect @",
            "docker build -q -t training .",
            "docker build -t training .",
            "docker images",
            "docker tag training again",
            "docker rmi again",
            "docker build -q -f graph .",
            "docker build -q -f graph .",
            "docker build -q -f graph .",
            "docker build -f graph .",
            "docker save -o saved.tar training",
            "docker load -i saved.tar",
            "RUN true",
            "%undo",
            "%stages",
            "%dockerfile",
            "FROM?",
            "RUNN x",
            "!true");

    private static final String NOTEBOOK = """
            {"cells": [{"cell_type": "code", "id": "one", "source": ["FROM scratch\\n", "LABEL a=b"]}]}
            """;

    /** A cell with its mistakes, a completion, the history, and Ctrl-D. */
    private static final String KEYS =
            "fr\t scratch\rENV A=\\\rb\rdocker im\t\u0003RUN <<EOF\rEOF\r\u001bOA\u0003\u0004";

    private static final int GRAPH_STAGES = 30;

    private final CliContext context;
    private final Path folder;

    private AotTraining(CliContext context, Path folder) {
        this.context = context;
        this.folder = folder;
    }

    /** A screen that nobody sees, with everything that a screen can have. */
    private record Nowhere() implements Screen {
        @Override
        public boolean hasCursor() {
            return true;
        }

        @Override
        public boolean hasColour() {
            return true;
        }

        @Override
        public boolean showsErrors() {
            return true;
        }

        @Override
        public int columns() {
            return 100;
        }

        @Override
        public int rows() {
            return 40;
        }

        @Override
        public Optional<String> ask(String prompt, boolean password) {
            return Optional.empty();
        }
    }

    /** @param context with sessions on a store that may be filled with what is rehearsed */
    static void of(CliContext context) throws IOException {
        Path folder = Files.createTempDirectory("layerbook-training");
        try {
            new AotTraining(context, folder).perform();
        } finally {
            Trees.delete(folder);
        }
    }

    private void perform() throws IOException {
        Files.writeString(folder.resolve("data.txt"), "some text\n");
        Path dockerfile = Files.writeString(
                folder.resolve("Dockerfile"),
                "FROM scratch AS one\nCOPY data.txt /\nFROM scratch\nCOPY --from=one /data.txt /\nCMD [\"/x\"]\n");
        Files.writeString(folder.resolve("graph"), graph());
        Path wrong = Files.writeString(folder.resolve("wrong"), "FROM x\nRNU y\n");
        Path notebook = Files.writeString(folder.resolve("a.ipynb"), NOTEBOOK);
        layerbook(Stream.concat(Stream.of("--keep-going"), CELLS.stream().flatMap(cell -> Stream.of("-c", cell)))
                .toList());
        layerbook(List.of("run", notebook.toString()));
        layerbook(List.of("check", dockerfile.toString(), wrong.toString()));
        layerbook(List.of("check", "--format", "json", dockerfile.toString(), wrong.toString()));
        layerbook(List.of("--help"));
        layerbook(List.of("--version"));
        layerbook(List.of("--nope"));
        layerbook(List.of());
        prompt();
    }

    /** A Dockerfile of many stages, so that building one from the cache is quick the first time. */
    private static String graph() {
        var text = new StringBuilder("FROM scratch AS s0\nWORKDIR /w0\nCOPY data.txt a\n");
        for (int i = 1; i < GRAPH_STAGES; i++) {
            text.append("FROM s%d AS s%d\nARG V=%d\nENV E%d=$V\nWORKDIR /w%d\n".formatted(i - 1, i, i, i, i))
                    .append("COPY data.txt a\nLABEL l=%d\nCOPY --from=s%d /w%d/a b\n".formatted(i, i - 1, i - 1));
        }
        return text.toString();
    }

    private void layerbook(List<String> arguments) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var screen = new Nowhere();
        var output = new TerminalOutput(nowhere, nowhere, screen);
        var input = new ByteArrayInputStream("FROM scratch\n".getBytes(StandardCharsets.UTF_8));
        Main.run(
                arguments.toArray(String[]::new), new CliContext(here(), output, screen, input, context.environment()));
    }

    /** Sessions in the training's folder, wherever this process was started. */
    private Interpreters here() {
        return new Interpreters() {
            @Override
            public Interpreter in(Path anywhere) {
                return context.interpreters().in(folder);
            }

            @Override
            public Interpreter over(Path notebook) {
                return context.interpreters().over(notebook);
            }
        };
    }

    private void prompt() throws IOException {
        InputStream keys = new ByteArrayInputStream(KEYS.getBytes(StandardCharsets.UTF_8));
        try (Interpreter interpreter = context.interpreters().in(folder);
                Terminal terminal = TerminalBuilder.builder()
                        .streams(keys, OutputStream.nullOutputStream())
                        .system(false)
                        .type("xterm-256color")
                        .build()) {
            Prompt.run(interpreter, terminal, folder.resolve("history"), Map.of());
        }
    }
}
