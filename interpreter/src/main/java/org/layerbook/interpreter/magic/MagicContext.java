package org.layerbook.interpreter.magic;

import org.layerbook.interpreter.practice.PracticeRegistry;
import org.layerbook.interpreter.report.Report;

/** The session that a magic runs in: where it shows things, and what it can see and change. Valid while it runs. */
public interface MagicContext {
    /** Shows a report in every form the front-end has. */
    void show(Report report);

    /** Prints text as a command does; {@code text} ends its own lines. */
    void print(String text);

    void printError(String text);

    BuildPort build();

    ImagePort images();

    HostPort host();

    CellPort cell();

    /** The registry that this session may run on this machine. */
    PracticeRegistry practiceRegistry();
}
