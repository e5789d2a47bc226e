package org.layerbook.repl;

import java.io.InputStream;
import java.util.Map;

/**
 * What a command of {@code layerbook} runs with.
 *
 * @param screen where {@code output} shows things
 * @param input where cells are read from when none is given and nobody sits before the screen
 * @param environment of this process
 */
record CliContext(
        Interpreters interpreters,
        TerminalOutput output,
        Screen screen,
        InputStream input,
        Map<String, String> environment) {}
