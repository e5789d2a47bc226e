package org.layerbook.interpreter.command.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.command.option.OptionCompletion;

/** What is known of docker's commands without running one. Thread-safe, no effects. */
public interface DockerWords {
    /** The words that can stand behind {@code docker}. */
    Set<String> commands();

    /** @param path {@code build}, {@code image ls}; empty for docker itself */
    Optional<String> help(String path);

    /**
     * What can stand at the end of a command line.
     *
     * @param words without {@code docker}; the last one is being typed and may be empty
     */
    List<Candidate> complete(List<String> words, Arguments arguments);

    /** What words of a command line can be that only the session and this host know. */
    interface Arguments extends OptionCompletion.Sources {}
}
