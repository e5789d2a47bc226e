package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.registry.transfer.TransferEvent.Changed;
import org.layerbook.engine.registry.transfer.TransferEvent.Progress;
import org.layerbook.engine.registry.transfer.TransferEvent.State;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.command.registry.TransferProgress;
import org.layerbook.interpreter.command.spec.CommandContext;

class TransferProgressTest {
    private static final Digest ONE = Digest.sha256(new byte[] {1});
    private static final Digest TWO = Digest.sha256(new byte[] {2});
    private static final long MS = 1_000_000;

    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final List<String> shown = new ArrayList<>();
    private long now;

    /** A front-end that either changes what it shows, or writes into a file. */
    private final class Screen implements CellOutput {
        private final boolean inPlace;

        Screen(boolean inPlace) {
            this.inPlace = inPlace;
        }

        @Override
        public void stdout(String text) {
            throw new AssertionError();
        }

        @Override
        public void stderr(String text) {
            throw new AssertionError();
        }

        @Override
        public void display(Rendered rendered) {
            throw new AssertionError();
        }

        @Override
        public Display live(Rendered rendered) {
            shown.add(rendered.text());
            return changed -> shown.add(changed.text());
        }

        @Override
        public boolean changesInPlace() {
            return inPlace;
        }

        @Override
        public Optional<String> ask(String prompt, boolean password) {
            return Optional.empty();
        }

        @Override
        public int columns() {
            return 100;
        }
    }

    private TransferProgress progress(boolean inPlace) {
        var context = new CommandContext(
                null,
                InputStream.nullInputStream(),
                stdout,
                OutputStream.nullOutputStream(),
                Optional.of(new Screen(inPlace)),
                Path.of("/"),
                Map.of(),
                new Cancellation());
        return new TransferProgress(context, false, () -> now);
    }

    private void pull(TransferProgress progress) throws IOException {
        progress.say("1: Pulling from web");
        progress.on(new Changed(ONE, State.EXISTS));
        progress.on(new Changed(TWO, State.PENDING));
        progress.on(new Progress(TWO, State.PENDING, 0, 4_000_000));
        progress.on(new Changed(TWO, State.DOWNLOADING));
        now += 200 * MS;
        progress.on(new Progress(TWO, State.DOWNLOADING, 1_000_000, 4_000_000));
        now += 50 * MS;
        progress.on(new Progress(TWO, State.DOWNLOADING, 1_500_000, 4_000_000));
        now += 450 * MS;
        progress.on(new Progress(TWO, State.DOWNLOADING, 2_000_000, 4_000_000));
        progress.on(new Changed(TWO, State.PULLED));
        progress.end("Status: done\n");
    }

    @Test
    void aFileGetsALineForEachState() throws IOException {
        pull(progress(false));
        assertEquals(List.of(), shown);
        assertEquals(
                "1: Pulling from web\n" + ONE.shortHex() + ": Already exists\n" + TWO.shortHex()
                        + ": Pulling fs layer\n" + TWO.shortHex() + ": Pull complete\nStatus: done\n",
                stdout.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aScreenIsChangedTenTimesASecondAtMostWithTotalsAndRate() throws IOException {
        pull(progress(true));
        assertEquals("", stdout.toString(StandardCharsets.UTF_8));
        String head = "1: Pulling from web\n" + ONE.shortHex() + ": Already exists\n";
        assertEquals(
                List.of(
                        head + "1 layer already there",
                        head + TWO.shortHex() + ": Downloading [===========>" + " ".repeat(38)
                                + "]  1MB/4MB\n1MB of 4MB, 10MB/s, 1 layer already there",
                        head + TWO.shortHex() + ": Downloading [========================>" + " ".repeat(25)
                                + "]  2MB/4MB\n2MB of 4MB, 4MB/s, 1 layer already there",
                        head + TWO.shortHex() + ": Pull complete\nStatus: done"),
                shown);
    }
}
