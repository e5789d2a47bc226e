package org.layerbook.interpreter.magic;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The user's host: the session's folder and variables there, and programs that run on it. */
public interface HostPort {
    Path workingDirectory();

    void setWorkingDirectory(Path folder);

    /** What host commands and {@code $VARIABLE} see. */
    Map<String, String> environment();

    void setEnvironment(Map<String, String> environment);

    /** Whether a line that is nothing else is a command of the host's shell. */
    boolean shellFallback();

    void setShellFallback(boolean on);

    /** Runs a program on the host, its output shown as it comes. @return the exit status */
    int run(List<String> argv) throws MagicException;

    /** The same; what the program reads is {@code stdin}. */
    int run(List<String> argv, String stdin) throws MagicException;
}
