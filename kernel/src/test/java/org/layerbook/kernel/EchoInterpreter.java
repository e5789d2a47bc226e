package org.layerbook.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.layerbook.engine.dockerfile.parse.Completeness;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Rendered;

/**
 * An interpreter that does as each line of a cell says, for tests of the kernel: {@code echo}, {@code err},
 * {@code show}, {@code lines N}, {@code both N}, {@code live N}, {@code ask}, {@code secret}, {@code fail},
 * {@code throw}, {@code block}, {@code json}, {@code threads N}, {@code request}, {@code columns}. A line that is none of these is
 * shown as a result.
 */
final class EchoInterpreter implements Interpreter {
    private static final List<String> WORDS = List.of("echo", "err", "show", "lines", "live", "ask", "fail", "block");

    private final List<CellRequest> requests = new ArrayList<>();
    private Optional<CountDownLatch> blocked = Optional.empty();
    private final CountDownLatch blocking = new CountDownLatch(1);
    private volatile boolean closed;

    @Override
    public CellResult run(CellRequest request, CellOutput output) {
        synchronized (requests) {
            requests.add(request);
        }
        return request.code()
                .lines()
                .map(line -> line(line.strip(), request, output))
                .filter(CellResult.Failed.class::isInstance)
                .findFirst()
                .orElseGet(CellResult.Ok::new);
    }

    private CellResult line(String line, CellRequest request, CellOutput output) {
        String word = line.contains(" ") ? line.substring(0, line.indexOf(' ')) : line;
        String rest = line.substring(word.length()).strip();
        return switch (word) {
            case "", "#" -> new CellResult.Ok();
            case "echo" -> then(() -> output.stdout(rest + "\n"));
            case "err" -> then(() -> output.stderr(rest + "\n"));
            case "show" -> then(() -> output.display(rich(rest)));
            case "lines" -> then(() -> repeat(rest, i -> output.stdout("line " + i + "\n")));
            case "both" ->
                then(() -> repeat(rest, i -> {
                    output.stdout("out " + i + "\n");
                    output.stderr("err " + i + "\n");
                }));
            case "live" ->
                then(() -> {
                    CellOutput.Display display = output.live(rich("state 0"));
                    repeat(rest, i -> display.update(rich("state " + i)));
                });
            case "ask" -> then(() -> output.stdout(output.ask(rest, false).orElse("nobody to ask") + "\n"));
            case "secret" -> then(() -> output.stdout(output.ask(rest, true).orElse("nobody to ask") + "\n"));
            case "fail" -> new CellResult.Failed("Failed", rest, List.of("  1 | " + line, "    | ^"), 3);
            case "throw" -> throw new IllegalArgumentException(rest);
            case "block" -> block();
            case "threads" -> then(() -> inThreads(Integer.parseInt(rest), output));
            case "json" -> then(() -> output.display(Rendered.text(rest).with(Rendered.JSON, () -> rest)));
            case "request" ->
                then(() -> output.stdout(request.cellId().orElse("-") + " "
                        + request.number().map(String::valueOf).orElse("-") + " " + request.deletedCells() + "\n"));
            case "columns" -> then(() -> output.stdout(output.columns() + "\n"));
            default -> then(() -> output.display(Rendered.text(line)));
        };
    }

    private static CellResult then(Runnable action) {
        action.run();
        return new CellResult.Ok();
    }

    private static void repeat(String times, IntConsumer action) {
        for (int i = 1; i <= Integer.parseInt(times); i++) {
            action.accept(i);
        }
    }

    private static Rendered rich(String text) {
        return Rendered.text(text)
                .with(Rendered.HTML, () -> "<b>" + text + "</b>")
                .with(Rendered.ANSI, () -> "\u001b[1m" + text)
                .with(Rendered.JSON, () -> "{\"text\":\"" + text + "\"}");
    }

    private CellResult block() {
        var latch = new CountDownLatch(1);
        synchronized (this) {
            blocked = Optional.of(latch);
        }
        blocking.countDown();
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new CellResult.Failed("Interrupted", "the cell was interrupted", List.of(), 130);
    }

    private static void inThreads(int number, CellOutput output) {
        List<Thread> threads = Stream.iterate(1, i -> i <= number, i -> i + 1)
                .map(i -> Thread.ofPlatform().start(() -> {
                    for (int line = 1; line <= 100; line++) {
                        output.stdout("thread " + i + " line " + line + "\n");
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Completion complete(String code, int cursor) {
        int start = cursor;
        while (start > 0 && Character.isLetter(code.charAt(start - 1))) {
            start--;
        }
        String prefix = code.substring(start, cursor);
        Function<String, Candidate> candidate = word -> new Candidate(word, "command", "does " + word);
        return new Completion(
                start,
                cursor,
                WORDS.stream()
                        .filter(word -> word.startsWith(prefix))
                        .map(candidate)
                        .toList());
    }

    @Override
    public Optional<Rendered> inspect(String code, int cursor, int detail) {
        return WORDS.stream()
                .filter(code.substring(0, cursor)::endsWith)
                .findFirst()
                .map(word -> rich(word + " at detail " + detail));
    }

    @Override
    public Completeness completeness(String code) {
        if (code.endsWith("\\")) {
            return Completeness.INCOMPLETE;
        }
        return code.startsWith("(") ? Completeness.INVALID : Completeness.COMPLETE;
    }

    @Override
    public void interrupt() {
        synchronized (this) {
            blocked.ifPresent(CountDownLatch::countDown);
            blocked = Optional.empty();
        }
    }

    /** Waits until a cell has reached {@code block}. */
    void awaitBlocking() throws InterruptedException {
        blocking.await();
    }

    List<CellRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
