package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Interpreter.CellRequest;

/** The command line: what is run, what is printed where, and the exit status. */
class MainTest {
    @TempDir
    Path folder;

    private final ScriptedInterpreter interpreter = new ScriptedInterpreter();
    private final List<Path> opened = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private final Interpreters interpreters = new Interpreters() {
        @Override
        public Interpreter in(Path where) {
            opened.add(where);
            return interpreter;
        }

        @Override
        public Interpreter over(Path notebook) {
            opened.add(notebook);
            return interpreter;
        }
    };

    private int layerbook(String... arguments) {
        return piped("", arguments);
    }

    private int piped(String stdin, String... arguments) {
        var screen = FakeScreen.pipeWith(stdin);
        var output = new TerminalOutput(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                screen);
        var input = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        return Main.run(arguments, new CliContext(interpreters, output, screen, input, Map.of()));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    // -c

    @Test
    void cellsRunInOneSessionInTheirOrder() {
        assertEquals(0, layerbook("-c", "RUN echo one", "-c", "RUN err two\nRUN echo three"));
        assertEquals("one\nthree\n", out());
        assertEquals("two\n", err());
        assertEquals(
                List.of(
                        new CellRequest("RUN echo one", Optional.empty(), Optional.of(1)),
                        new CellRequest("RUN err two\nRUN echo three", Optional.empty(), Optional.of(2))),
                interpreter.requests);
        assertEquals(List.of(Path.of("").toAbsolutePath()), opened);
        assertTrue(interpreter.closed);
    }

    @Test
    void theFirstFailureStopsWithItsStatus() {
        assertEquals(42, layerbook("-c", "RUN echo one", "-c", "RUN fail 42", "-c", "RUN echo three"));
        assertEquals("one\n", out());
        assertEquals("it failed\n  1 │ RUN fail\n    │ ^^^^^^^^\n", err());
        assertTrue(interpreter.closed);
    }

    @Test
    void keepGoingRunsOnAndStillTellsTheFirstStatus() {
        assertEquals(3, layerbook("--keep-going", "-c", "RUN fail 3", "-c", "RUN fail 4", "-c", "RUN echo three"));
        assertEquals("three\n", out());
    }

    @Test
    void aStatusIsOneThatAProcessCanHave() {
        assertEquals(255, layerbook("-c", "RUN fail 1000"));
        assertEquals(1, layerbook("-c", "RUN fail 0"));
    }

    @Test
    void aCellMayLookLikeAnOptionOrAFile() throws IOException {
        Files.writeString(folder.resolve("cells"), "-c x");
        String atFile = "@" + folder.resolve("cells");
        assertEquals(0, layerbook("-c", atFile, "-c", "", "-c", "# ${user.home} \"quoted\""));
        assertEquals(List.of(atFile, "", "# ${user.home} \"quoted\""), interpreter.codes());
    }

    @Test
    void whatIsPipedInIsForTheCommands() {
        assertEquals(0, piped("some input", "-c", "RUN input"));
        assertEquals("some input\n", out());
    }

    @Test
    void noQuestionIsAskedWhereNobodySits() {
        assertEquals(0, layerbook("-c", "RUN ask really?"));
        assertEquals("nobody to ask\n", out());
    }

    // Cells from standard input.

    @Test
    void pipedInputIsReadAsIfTyped() {
        assertEquals(0, piped("""
                FROM x
                RUN echo one \\
                  two

                %%file a
                body

                RUN <<EOF
                RUN echo inside
                EOF
                RUN input"""));
        assertEquals(
                List.of(
                        "FROM x\n",
                        "RUN echo one \\\n  two\n",
                        "%%file a\nbody\n\n",
                        "RUN <<EOF\nRUN echo inside\nEOF\n",
                        "RUN input\n"),
                interpreter.codes());
        assertTrue(out().endsWith("\n\n"), "commands do not read the cells: " + out());
    }

    @Test
    void pipedInputStopsAtTheFirstFailure() {
        assertEquals(5, piped("RUN fail 5\nRUN echo two\n"));
        assertEquals("", out());
        assertEquals(5, piped("RUN fail 5\nRUN echo two\n", "--keep-going"));
        assertEquals("two\n", out());
    }

    @Test
    void whatIsUnfinishedAtTheEndIsRunAsItIs() {
        assertEquals(0, piped("%%file a\nbody"));
        assertEquals(List.of("%%file a\nbody\n"), interpreter.codes());
    }

    // run

    @Test
    void aNotebookIsEchoedCellByCellWithItsIds() throws IOException {
        Path notebook = Files.writeString(folder.resolve("a.ipynb"), """
                {"cells": [
                  {"cell_type": "code", "id": "one", "source": "FROM x\\nRUN echo hello"},
                  {"cell_type": "code", "id": "two", "metadata": {"tags": ["raises-exception"]}, "source": "RUN fail 2"},
                  {"cell_type": "code", "id": "three", "source": "RUN show table"}
                ]}
                """);
        assertEquals(0, layerbook("run", notebook.toString()));
        assertEquals("""
                In [1]: FROM x
                   ...: RUN echo hello
                hello

                In [2]: RUN fail 2

                In [3]: RUN show table
                table
                """, out());
        assertEquals(
                List.of(Optional.of("one"), Optional.of("two"), Optional.of("three")),
                interpreter.requests.stream().map(CellRequest::cellId).toList());
        assertEquals(List.of(notebook.toAbsolutePath()), opened);
    }

    @Test
    void aNotebookWithoutCodeSaysSo() throws IOException {
        Path notebook = Files.writeString(
                folder.resolve("text.ipynb"),
                "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": \"# Title\"},"
                        + " {\"cell_type\": \"code\", \"source\": \" \"}]}");
        assertEquals(0, layerbook("run", notebook.toString()));
        assertEquals("", out());
        assertEquals(notebook + " has no code cell: nothing was run\n", err());
        Path script = Files.writeString(folder.resolve("empty"), "\n# %%\n");
        assertEquals(0, layerbook("run", script.toString()));
        assertTrue(err().endsWith("\n" + script + " has no cell: nothing was run\n"), err());
        assertEquals(List.of(), opened);
    }

    @Test
    void aFileStopsAtTheCellThatFails() throws IOException {
        Path script =
                Files.writeString(folder.resolve("script"), "RUN echo one\n# %%\nRUN fail 7\n# %%\nRUN echo three\n");
        assertEquals(7, layerbook("run", script.toString()));
        assertEquals("In [1]: RUN echo one\none\n\nIn [2]: RUN fail 7\n", out());
        assertEquals(7, layerbook("run", "--keep-going", script.toString()));
        assertTrue(out().endsWith("In [3]: RUN echo three\nthree\n"), out());
        assertEquals(List.of(folder.toAbsolutePath(), folder.toAbsolutePath()), opened);
    }

    @Test
    void aFileThatCannotBeReadIsSaid() throws IOException {
        assertEquals(1, layerbook("run", folder.resolve("none").toString()));
        assertEquals("layerbook: cannot read " + folder.resolve("none") + ": no such file or directory\n", err());
    }

    // check

    @Test
    void checkSaysWhatIsWrongAndWhere() throws IOException {
        Path good = Files.writeString(folder.resolve("good"), "FROM x\nRUN y\n");
        Path bad = Files.writeString(folder.resolve("bad"), "FROM x\nRNU y\n");
        assertEquals(1, layerbook("check", good.toString(), bad.toString()));
        assertTrue(out().startsWith(good + ": valid\n" + bad + ":2: "), out());
        assertTrue(out().contains("RNU y\n"), out());
        assertEquals(0, layerbook("check", good.toString()));
        assertEquals(0, layerbook("check", "--no-fail", bad.toString()));
    }

    @Test
    void checkAsJsonHasOneObjectForEachFile() throws IOException {
        Path good = Files.writeString(folder.resolve("good"), "FROM x\n");
        Path bad = Files.writeString(folder.resolve("bad"), "FROM x\nRUN --nope y\n");
        Path missing = folder.resolve("missing");
        assertEquals(1, layerbook("check", "--format", "json", good.toString(), bad.toString(), missing.toString()));
        assertEquals("""
                [{"file":"%s","accepted":true,"error":null,"checks":[],"hadolint":[]},\
                {"file":"%s","accepted":false,"error":{"line":2,"message":"dockerfile parse error on line 2: unknown flag: --nope"},"checks":[],"hadolint":[]},\
                {"file":"%s","accepted":false,"error":{"line":null,"message":"cannot be read: no such file or directory"},"checks":[],"hadolint":[]}]
                """.formatted(good, bad, missing), out());
    }

    @Test
    void checkReadsStandardInput() {
        assertEquals(0, piped("FROM x\n", "check", "-"));
        assertEquals("-: valid\n", out());
    }

    // The rest.

    @Test
    void aWrongCommandLineIsTwoLinesAndStatus2() {
        assertEquals(2, layerbook("--nope"));
        assertEquals(2, layerbook("run"));
        assertEquals(2, layerbook("run", "a", "b"));
        assertEquals(2, layerbook("FROM x"));
        assertEquals(2, layerbook("-c"));
        assertEquals("""
                layerbook: unknown flag: --nope
                See `layerbook --help`.
                layerbook: `layerbook run` needs FILE
                See `layerbook run --help`.
                layerbook: unexpected argument `b`
                See `layerbook run --help`.
                layerbook: unknown command `FROM x`: run a cell with -c
                See `layerbook --help`.
                layerbook: flag needs an argument: 'c' in -c
                See `layerbook --help`.
                """, err());
    }

    @Test
    void helpNamesEveryCommandAndOption() {
        assertEquals(0, layerbook("--help"));
        for (String word : List.of(
                "run ",
                "check ",
                "bundle ",
                "load ",
                "doctor ",
                "kernel install ",
                "kernel uninstall ",
                "-c, --cell")) {
            assertTrue(out().contains("\n  " + word), out());
        }
        assertTrue(out().contains("--keep-going"), out());
        assertFalse(out().contains("--train"), out());
        assertEquals(0, layerbook("check", "-h"));
        assertTrue(out().contains("Usage:  layerbook check [OPTIONS] FILE..."), out());
        assertTrue(out().lines().allMatch(line -> line.length() <= 85), out());
    }

    @Test
    void thereIsAVersion() {
        assertEquals(0, layerbook("--version"));
        assertTrue(out().startsWith("layerbook "), out());
    }

    @Test
    void noStackTraceReachesTheUser() {
        assertEquals(1, layerbook("-c", "RUN throw"));
        assertEquals(
                "layerbook: internal error: java.lang.IllegalStateException: thrown\n"
                        + "(set LAYERBOOK_DEBUG=1 for a stack trace)\n",
                err());
    }
}
