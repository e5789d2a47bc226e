package org.layerbook.interpreter.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.testing.SessionScript;

/** How much of a long output reaches a notebook. */
class FoldedOutputTest {
    private final List<Rendered> shown = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private long now;
    private boolean unfolds = true;

    private final SessionScript.Transcript transcript = new SessionScript.Transcript() {
        @Override
        public boolean unfolds() {
            return unfolds;
        }

        @Override
        public Display live(Rendered rendered) {
            shown.add(rendered);
            Display display = super.live(rendered);
            return changed -> {
                shown.add(changed);
                display.update(changed);
            };
        }
    };

    private FoldedOutput printed() {
        return new FoldedOutput(transcript, Optional.of("step 2"), () -> now, (task, nanos) -> later.add(task));
    }

    @Test
    void aHundredThousandLinesBecomeAScreenAndAFold() {
        FoldedOutput output = printed();
        for (int i = 1; i <= 100_000; i++) {
            now += 1_000_000;
            output.print("line " + i + "\n", false);
        }
        output.end();
        String text = transcript.text();
        assertTrue(text.startsWith("> line 1\n"), text);
        assertTrue(text.contains("> line 25\n… 99,965 more lines of step 2\n"), text);
        assertTrue(text.endsWith("\nline 100000\n"), text);
        // 100 s of output, at most ten updates a second.
        assertTrue(shown.size() <= 1_002, shown.size() + " updates");
        String html = shown.getLast().form(Rendered.HTML).orElseThrow();
        assertTrue(html.contains("99,975 more lines of step 2, the last 120"), html);
        assertTrue(html.length() < 10_000, html.length() + " characters");
    }

    @Test
    void aShortOutputIsStreamedWhole() {
        FoldedOutput output = printed();
        output.print("one\n", false);
        output.print("two\n", true);
        output.end();
        assertEquals("> one\n! two\n", transcript.text());
        assertTrue(shown.isEmpty());
    }

    @Test
    void aProgressBarWithoutLinesIsFoldedToo() {
        FoldedOutput output = printed();
        for (int i = 0; i < 10_000; i++) {
            output.print("\r" + i + " %", false);
        }
        output.end();
        assertTrue(transcript.text().length() < 9_500, transcript.text().length() + " characters");
        assertTrue(transcript.text().endsWith("9999 %\n"), transcript.text());
    }

    @Test
    void whatCameBeforeASilenceIsShown() {
        FoldedOutput output = printed();
        output.print("x\n".repeat(FoldedOutput.STREAMED_LINES), false);
        output.print("first\n", false);
        output.print("second\n", false);
        assertFalse(shown.getLast().text().contains("second"));
        later.forEach(Runnable::run);
        assertTrue(shown.getLast().text().contains("second"));
    }

    @Test
    void whereNothingUnfoldsAllOfItIsStreamed() {
        unfolds = false;
        FoldedOutput output = printed();
        output.print("x\n".repeat(1_000), false);
        output.end();
        assertEquals(1_000, transcript.text().lines().count());
    }
}
