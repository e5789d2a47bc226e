package org.layerbook.interpreter.command.container.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.host.ProcessIo;

/** What a terminal's text becomes in a notebook, and what goes to a terminal. */
class TerminalTextTest {
    /** {@code ^} stands for an escape character, {@code \} for CR, {@code |} for LF, {@code !} for BEL. */
    private static String control(String text) {
        return text.replace('^', '\u001b')
                .replace('\\', '\r')
                .replace('|', '\n')
                .replace('!', '\u0007');
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "plain, plain",
                "a\\|b\\|, a|b|",
                "a\\\\|b, a|b",
                "50%\\60%, 50%\\60%",
                "/ # ^[6n, \"/ # \"",
                "^[1;34mbin^[0m, ^[1;34mbin^[0m",
                "^[?2004h$ ^[?2004l, \"$ \"",
                "^]0;title!text, text",
                "^]0;title^Ztext, text",
                "^(Btext, text",
                "^[2J^[Htop, top",
                "ding!, ding"
            })
    void keepsColoursAndLines(String printed, String shown) {
        String text = control(printed);
        assertEquals(control(shown), new TerminalCodes().clean(text));
        // The same, however it is cut.
        var codes = new TerminalCodes();
        var all = new StringBuilder();
        text.chars().forEach(c -> all.append(codes.clean(String.valueOf((char) c))));
        assertEquals(control(shown), all.toString());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "ls, ls|bin|, bin|",
                "ls, l\\s|bin|, bin|",
                "ls, bin|, bin|",
                "ls, lost|, lost|",
                "\"\", \"|/ # \", \"/ # \"",
                "read x, read x|read x|, read x|"
            })
    void theUsersLineIsShownOnce(String line, String printed, String shown) {
        var echo = new Echo();
        echo.expect(line);
        assertEquals(control(shown), echo.without(control(printed)));
        var pieces = new Echo();
        pieces.expect(line);
        var all = new StringBuilder();
        control(printed).chars().forEach(c -> all.append(pieces.without(String.valueOf((char) c))));
        assertEquals(control(shown), all.toString());
    }

    @ParameterizedTest
    @CsvSource({
        // ctrl-p is \\x10, ctrl-q \\x11
        "16 17, '', true",
        "97 16 17 98, 97, true",
        "16 98, 16 98, false",
        "16 16 17, 16, true",
        "16, '', false",
        "17 16 97, 17 16 97, false"
    })
    void detachesOnlyByBothKeys(String pressed, String passed, boolean left) throws IOException {
        byte[] keys = new byte[pressed.split(" ").length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Byte.parseByte(pressed.split(" ")[i]);
        }
        var detached = new AtomicInteger();
        var in = new DetachableKeys(new ByteArrayInputStream(keys), DetachKeys.DEFAULT, detached::incrementAndGet);
        var read = new ArrayList<String>();
        for (int key = in.read(); key >= 0; key = in.read()) {
            read.add(Integer.toString(key));
        }
        assertEquals(passed, String.join(" ", read));
        assertEquals(left ? 1 : 0, detached.get());
    }

    @Test
    void theEndOfInputIsRepeatedUntilTheProcessEnds() throws IOException {
        var quiet = new Quiet(false);
        var said = new AtomicInteger();
        var input = new TerminalInput(ProcessIo.NO_INPUT, quiet, said::incrementAndGet);
        quiet.begin();
        assertEquals(List.of(4, 4), List.of(input.read(), input.read()));
        assertEquals(1, said.get());
        quiet.end();
        assertEquals(-1, input.read());
    }
}
