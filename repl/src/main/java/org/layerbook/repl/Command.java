package org.layerbook.repl;

import java.io.IOException;
import java.util.List;
import org.layerbook.interpreter.command.option.OptionParser.Parsed;
import org.layerbook.interpreter.command.option.OptionSpec;

/**
 * One thing that {@code layerbook} can be told to do, as data: what the command line accepts and what help says.
 *
 * @param path the words that name it, {@code kernel install}; empty for {@code layerbook} alone
 * @param usage what stands behind the path
 * @param summary sentences
 * @param least how many arguments it needs
 * @param most how many it takes
 * @param statuses lines of help: exit statuses and what they mean
 */
record Command(
        String path,
        String usage,
        String summary,
        List<OptionSpec> options,
        int least,
        int most,
        List<String> statuses,
        Action action) {
    static final int ANY_NUMBER = Integer.MAX_VALUE;

    Command {
        options = List.copyOf(options);
        statuses = List.copyOf(statuses);
    }

    /** Carries it out. */
    @FunctionalInterface
    interface Action {
        /**
         * @return the exit status
         * @throws UserErrorException with a sentence, for which the status is 1
         */
        int run(Parsed given, CliContext context) throws IOException;
    }

    /** As it is typed. */
    String shown() {
        return path.isEmpty() ? "layerbook" : "layerbook " + path;
    }
}
