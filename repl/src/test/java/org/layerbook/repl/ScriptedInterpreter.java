package org.layerbook.repl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.layerbook.engine.dockerfile.parse.Completeness;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.session.Sessions;

/**
 * An interpreter that does as each line of a cell says: {@code RUN echo TEXT}, {@code RUN print TEXT} (no newline),
 * {@code RUN err TEXT}, {@code RUN show TEXT}, {@code RUN live TEXT} (changed once more at the end of the cell),
 * {@code RUN ask TEXT}, {@code RUN secret TEXT}, {@code RUN input}, {@code RUN fail STATUS}, {@code RUN block},
 * {@code RUN throw}. What is complete is decided as in a real session.
 */
final class ScriptedInterpreter implements Interpreter {
    final List<CellRequest> requests = new ArrayList<>();
    final CountDownLatch blocking = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    boolean closed;

    @Override
    public CellResult run(CellRequest request, CellOutput output) {
        requests.add(request);
        var atEnd = new ArrayList<Runnable>();
        try {
            for (String line : request.code().lines().toList()) {
                Optional<CellResult> failed = line(line.strip().replaceFirst("^RUN ", ""), output, atEnd);
                if (failed.isPresent()) {
                    return failed.get();
                }
            }
            return new CellResult.Ok();
        } finally {
            atEnd.forEach(Runnable::run);
        }
    }

    private Optional<CellResult> line(String line, CellOutput output, List<Runnable> atEnd) {
        String word = line.contains(" ") ? line.substring(0, line.indexOf(' ')) : line;
        String rest = line.substring(word.length()).strip();
        switch (word) {
            case "echo" -> output.stdout(rest + "\n");
            case "print" -> output.stdout(rest);
            case "err" -> output.stderr(rest + "\n");
            case "show" -> output.display(rich(rest));
            case "live" -> {
                CellOutput.Display display = output.live(rich(rest + " begins"));
                atEnd.add(() -> display.update(rich(rest + " is done")));
            }
            case "ask" -> output.stdout(output.ask(rest, false).orElse("nobody to ask") + "\n");
            case "secret" -> output.stdout("[" + output.ask(rest, true).orElse("nobody to ask") + "]\n");
            case "input" -> output.stdout(input(output) + "\n");
            case "fail" -> {
                return Optional.of(failure(Integer.parseInt(rest)));
            }
            case "throw" -> throw new IllegalStateException("thrown");
            case "block" -> {
                return Optional.of(block());
            }
            default -> {}
        }
        return Optional.empty();
    }

    private static String input(CellOutput output) {
        try {
            return new String(output.stdin().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Rendered rich(String text) {
        return Rendered.text(text).with(Rendered.ANSI, () -> "\u001b[1m" + text + "\u001b[0m");
    }

    private static CellResult failure(int status) {
        return new CellResult.Failed(
                "Failed", "it failed", List.of("it failed", "  1 │ RUN fail", "    │ ^^^^^^^^"), status);
    }

    private CellResult block() {
        blocking.countDown();
        try {
            interrupted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new CellResult.Failed("Interrupted", "interrupted", List.of("interrupted"), 130);
    }

    @Override
    public Completion complete(String code, int cursor) {
        int start = code.lastIndexOf(' ', cursor - 1) + 1;
        start = Math.max(start, code.lastIndexOf('\n', cursor - 1) + 1);
        String word = code.substring(start, cursor);
        List<Candidate> found = Stream.of(
                        new Candidate("FROM", "instruction", "begin a stage"),
                        new Candidate("busybox:latest", "image", ""),
                        new Candidate("buildroot:1", "image", ""),
                        new Candidate("src/", "path", ""))
                .filter(c -> c.text().regionMatches(true, 0, word, 0, word.length()))
                .toList();
        return found.isEmpty() ? Completion.none(cursor) : new Completion(start, cursor, found);
    }

    @Override
    public Optional<Rendered> inspect(String code, int cursor, int detail) {
        return Optional.empty();
    }

    @Override
    public Completeness completeness(String code) {
        return Sessions.parser().completeness(code);
    }

    @Override
    public void interrupt() {
        interrupted.countDown();
    }

    @Override
    public void close() {
        closed = true;
    }

    List<String> codes() {
        return requests.stream().map(CellRequest::code).toList();
    }
}
